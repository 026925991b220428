import { z } from "zod";
import { command, event } from "./define.ts";
import { roomId, seq } from "./ids.ts";

export const markRead = command("read.mark", {
  summary:
    "Everything up to here is read. The highest mark wins, so it needs no cid; beyond the head is invalid_seq.",
  params: { stream: roomId, upTo: seq },
  result: { stream: roomId, read: seq },
  example: {
    ask: { stream: "r_8fK2qZ7mQa", upTo: 1042 },
    answer: { stream: "r_8fK2qZ7mQa", read: 1042 },
  },
});

export const readMarked = event("read.marked", {
  summary: "In the inbox: one's own read mark moved, on some device.",
  data: {
    room: roomId,
    upTo: seq,
    unread: z.int().describe("Others' messages above the mark, up to 100 …"),
    head: seq.describe("… when this was the head of the room."),
  },
  example: {
    stream: "inbox",
    seq: 6,
    room: "r_8fK2qZ7mQa",
    upTo: 1042,
    unread: 0,
    head: 1042,
  },
});
