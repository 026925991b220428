import { z } from "zod";
import { answer, command, question, signal } from "./define.ts";
import { at, personId, seq, streamId } from "./ids.ts";
import { limits } from "./limits.ts";
import { person } from "./people.ts";

/** The last seq a client has of a stream; null asks for a fresh page. */
const cursor = seq.nullable();

export const hello = question("hello", {
  summary:
    "The first command of a connection: the streams to follow, each from the last seq one has. Answered by welcome, then per stream live, reset or gone, then ready.",
  params: {
    client: z.string().max(100).optional(),
    features: z
      .array(z.string().max(32))
      .max(16)
      .optional()
      .describe("`handshake` asks for the handshake's headers in welcome."),
    epoch: z.string().max(64).nullable().optional(),
    cursors: z.record(streamId, cursor).check((context) => {
      const { value } = context;
      if (Object.keys(value).length > limits.streamsPerConnection) {
        context.issues.push({
          code: "custom",
          input: value,
          message: "too_many_streams",
        });
      }
    }),
  },
  example: {
    client: "web/0.1.0",
    epoch: "7Qm4xW2p",
    cursors: { inbox: 310, r_8fK2qZ7mQa: 1041, r_New1aaB2c3: null },
  },
});

export const follow = question("follow", {
  summary:
    "Follows one more stream. Answered by live, reset or gone, as in hello.",
  params: { stream: streamId, cursor },
  example: { stream: "r_Q0x7aB9kLm", cursor: 88 },
});

export const unfollow = command("unfollow", {
  summary: "Stops following a stream; `ok` also when it was not followed.",
  params: { stream: streamId },
  result: { stream: streamId },
  example: {
    ask: { stream: "r_Q0x7aB9kLm" },
    answer: { stream: "r_Q0x7aB9kLm" },
  },
});

export const history = question("history", {
  summary:
    "Fills a hole of up to 100 events: those with after < seq ≤ upTo. Larger or older: over HTTP.",
  params: { stream: streamId, after: seq, upTo: seq },
  example: { stream: "r_8fK2qZ7mQa", after: 1044, upTo: 1047 },
});

/** What the handshake looked like; a page cannot see it otherwise. */
export const handshake = z.object({
  request: z.record(z.string(), z.string()),
  response: z.record(z.string(), z.string()),
});

export const welcome = answer("welcome", {
  summary:
    "Who one is, what the log is (another epoch: drop all cursors), and the sizes that hold here.",
  data: {
    epoch: z.string(),
    me: personId,
    server: z.string().describe("The place's name."),
    node: z
      .string()
      .optional()
      .describe("What this node is called, where there are several."),
    now: at,
    pingMs: z.int(),
    limits: z.object({
      frameBytes: z.int(),
      textCodePoints: z.int(),
      replayEvents: z.int(),
      streams: z.int(),
    }),
    handshake: handshake.optional(),
  },
  example: {
    epoch: "7Qm4xW2p",
    me: "u_3hT9pLz6Vb",
    server: "Parley",
    node: "node-2",
    now: 1_792_051_200_001,
    pingMs: 25_000,
    limits: {
      frameBytes: 65_536,
      textCodePoints: 10_000,
      replayEvents: 300,
      streams: 2_000,
    },
  },
});

export const live = answer("live", {
  summary:
    "These streams are level with their heads, and what comes next will be delivered.",
  data: { heads: z.record(streamId, seq) },
  example: { heads: { inbox: 310, r_8fK2qZ7mQa: 1042 } },
});

export const resetReasons = ["fresh", "far", "epoch", "future"] as const;

export const reset = answer("reset", {
  summary:
    "The cursor cannot be continued (none, too far behind, other epoch, beyond the head). Replace what one has of this stream by this page, which ends at the head; live from here on.",
  data: {
    stream: streamId,
    reason: z.enum(resetReasons),
    head: seq,
    read: seq.optional(),
    unread: z.int().optional(),
    events: z.array(z.looseObject({ type: z.string(), seq })),
    people: z.array(person),
  },
  example: {
    stream: "r_New1aaB2c3",
    reason: "fresh",
    head: 9120,
    read: 88,
    unread: 100,
    events: [],
    people: [],
  },
});

export const gone = answer("gone", {
  summary: "No such stream, or not allowed: one answer for both.",
  data: { stream: z.string() },
  example: { stream: "r_Zz19Qe4tYu" },
});

export const ready = answer("ready", {
  summary: "All streams of hello have been answered.",
  data: {},
  example: {},
});

export const events = answer("events", {
  summary:
    "The answer to history: a contiguous run from `after` on, ascending; about 64 KiB of it at most, so it may end earlier than asked.",
  data: {
    stream: streamId,
    events: z.array(z.looseObject({ type: z.string(), seq })),
  },
  example: { stream: "r_8fK2qZ7mQa", events: [] },
});

export const ok = answer("ok", {
  summary:
    "The command is done, and on disk if it makes an event. Its other keys are the command's result.",
  data: {},
  example: {
    stream: "r_8fK2qZ7mQa",
    seq: 1044,
    cid: "01926e4a-7c3b-7d2e-9f10-5a6b7c8d9e0f",
    at: 1_792_051_200_999,
  },
});

export const error = answer("error", {
  summary:
    "The command was refused. retryable: the same command may be sent again with the same cid.",
  data: {
    code: z.string(),
    message: z.string(),
    retryable: z.boolean(),
    retryAfterMs: z.int().optional(),
  },
  example: {
    id: 8,
    code: "rate_limited",
    message: "That was too fast. Wait a moment and try again.",
    retryable: true,
    retryAfterMs: 1500,
  },
});

export const ping = signal("ping", {
  summary:
    "Are you there? Answered by pong, both ways. The server asks every 25 seconds.",
  from: "both",
  data: {},
  example: {},
});

export const pong = signal("pong", {
  summary: "I am. Any other frame says so as well.",
  from: "both",
  data: {},
  example: {},
});

export const bye = signal("bye", {
  summary:
    "The server closes this connection with this code next; come back after `afterMs`.",
  from: "server",
  data: { code: z.int(), reason: z.string(), afterMs: z.int() },
  example: { code: 4200, reason: "The server is restarting.", afterMs: 3200 },
});
