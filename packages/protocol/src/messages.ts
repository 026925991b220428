import { z } from "zod";
import { command, event } from "./define.ts";
import { at, cid, roomId, seq, streamId } from "./ids.ts";
import { objectionToText } from "./text.ts";

/** A message's text, as typed. The issue's message is the error's code. */
export const messageText = z.string().check((context) => {
  const objection = objectionToText(context.value);
  if (objection !== undefined) {
    context.issues.push({
      code: "custom",
      input: context.value,
      message: objection,
    });
  }
});

export const postMessage = command("message.post", {
  summary:
    "Says something in a room one is in. The same cid again gives the first answer again, with `repeated`.",
  params: { stream: roomId, cid, text: messageText },
  result: {
    cid,
    stream: streamId,
    seq,
    at,
    repeated: z.literal(true).optional(),
  },
  example: {
    ask: {
      stream: "r_8fK2qZ7mQa",
      cid: "01926e4a-7c3b-7d2e-9f10-5a6b7c8d9e0f",
      text: "hello 你好 :wave:",
    },
    answer: {
      cid: "01926e4a-7c3b-7d2e-9f10-5a6b7c8d9e0f",
      stream: "r_8fK2qZ7mQa",
      seq: 1044,
      at: 1_792_051_200_999,
    },
  },
});

export const deleteMessage = command("message.delete", {
  summary:
    "Deletes one's own message, or, as a moderator, another's. Its text is gone everywhere; its number stays. A deleted one gets `repeated`.",
  params: { cid, stream: roomId, message: seq },
  result: {
    cid,
    stream: streamId,
    seq,
    repeated: z.literal(true).optional(),
  },
  example: {
    ask: {
      stream: "r_8fK2qZ7mQa",
      cid: "01926e4a-7c3b-7d2e-9f10-5a6b7c8d9e0f",
      message: 1044,
    },
    answer: {
      cid: "01926e4a-7c3b-7d2e-9f10-5a6b7c8d9e0f",
      stream: "r_8fK2qZ7mQa",
      seq: 1045,
    },
  },
});

export const messageDeleted = event("message.deleted", {
  summary:
    "The message with this number is deleted, by its author or by a moderator.",
  data: { message: seq },
  example: {
    seq: 1045,
    cid: "01926e4a-7c3b-7d2e-9f10-5a6b7c8d9e0f",
    message: 1044,
  },
});

export const messagePosted = event("message.posted", {
  summary: "Somebody said something. A message is identified by (stream, seq).",
  data: {
    text: z.string(),
    deleted: z
      .literal(true)
      .optional()
      .describe("It was deleted since; the text is empty."),
  },
  example: {
    cid: "01926e4a-7c3b-7d2e-9f10-5a6b7c8d9e0f",
    text: "ok, shipping",
  },
});
