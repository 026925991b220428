import { z } from "zod";
import { command, event } from "./define.ts";
import { cid, roomId, seq, streamId } from "./ids.ts";
import { limits } from "./limits.ts";
import { normalizeName, objectionToRoomName } from "./names.ts";
import { person } from "./people.ts";
import { codePoints } from "./text.ts";

/** The lobby is where everybody is; a direct room belongs to the people in it. */
export const roomKinds = ["lobby", "public", "private", "direct"] as const;

export type RoomKind = (typeof roomKinds)[number];

/** People in a direct room, oneself among them. */
export const directPeopleMax = 9;

/** A room's name, normalised; the issue's message is the error's code. */
export const roomName = z.string().transform((typed, context) => {
  const name = normalizeName(typed);
  const objection = objectionToRoomName(name);
  if (objection !== undefined) {
    context.issues.push({ code: "custom", input: typed, message: objection });
  }
  return name;
});

export const topic = z
  .string()
  .refine((text) => text.isWellFormed(), "invalid_text")
  .refine((text) => !/\p{Cc}/u.test(text), "invalid_characters")
  .refine((text) => codePoints(text) <= limits.topicCodePoints, "too_long");

/** A room as its members see it, with their own read mark. */
export const room = z.object({
  stream: roomId,
  name: z.string().describe("Empty for a direct room: it is its people."),
  kind: z.enum(roomKinds),
  topic: z.string(),
  readOnly: z
    .literal(true)
    .optional()
    .describe("For announcements: its moderators write."),
  archived: z
    .literal(true)
    .optional()
    .describe("Nobody writes any more; what was said stays."),
  people: z.array(person).optional().describe("The others in a direct room."),
  moderator: z.literal(true).optional().describe("One is its moderator."),
  favourite: z.literal(true).optional(),
  muted: z.literal(true).optional(),
  hidden: seq
    .optional()
    .describe("Out of sight until something comes after this seq."),
  head: seq.describe("The highest seq of the room's stream."),
  read: seq.describe("The person's read mark."),
  unread: z
    .int()
    .describe("Others' messages above the mark, counted up to 100."),
});

const changed = {
  cid,
  stream: streamId,
  seq,
  repeated: z.literal(true).optional(),
};
const changedExample = {
  cid: "01926e4a-7c3b-7d2e-9f10-5a6b7c8d9e0f",
  stream: "r_8fK2qZ7mQa",
  seq: 1,
};

export const createRoom = command("room.create", {
  summary:
    "Makes a room and joins it, as its moderator. Names of public rooms are unique, without regard to case.",
  params: {
    cid,
    name: roomName,
    topic: topic.optional(),
    kind: z.enum(["public", "private"]).optional(),
  },
  result: changed,
  example: {
    ask: {
      cid: changedExample.cid,
      name: "设计 Design",
      topic: "Screens and words",
    },
    answer: changedExample,
  },
});

export const joinRoom = command("room.join", {
  summary:
    "Joins a public room. Who is in it already gets the room's head and `repeated`.",
  params: { cid, stream: roomId },
  result: changed,
  example: {
    ask: { cid: changedExample.cid, stream: "r_8fK2qZ7mQa" },
    answer: { ...changedExample, seq: 412 },
  },
});

export const leaveRoom = command("room.leave", {
  summary:
    "Leaves a room. Nothing later of it is delivered. Who is not in it gets `repeated`.",
  params: { cid, stream: roomId },
  result: changed,
  example: {
    ask: { cid: changedExample.cid, stream: "r_8fK2qZ7mQa" },
    answer: { ...changedExample, seq: 413 },
  },
});

export const changeRoom = command("room.change", {
  summary:
    "Changes what is given of a room: name, topic, who writes, who may find it, whether it is archived.",
  params: {
    cid,
    stream: roomId,
    name: roomName.optional(),
    topic: topic.optional(),
    readOnly: z.boolean().optional(),
    kind: z.enum(["public", "private"]).optional(),
    archived: z.boolean().optional(),
  },
  result: changed,
  example: {
    ask: { cid: changedExample.cid, stream: "r_8fK2qZ7mQa", readOnly: true },
    answer: { ...changedExample, seq: 414 },
  },
});

export const roomChanged = event("room.changed", {
  summary: "A room is otherwise from here on; what is not named is as before.",
  data: {
    name: z.string().optional(),
    topic: z.string().optional(),
    readOnly: z.boolean().optional(),
    kind: z.enum(["public", "private"]).optional(),
    archived: z.boolean().optional(),
  },
  example: { seq: 414, readOnly: true },
});

export const roomCreated = event("room.created", {
  summary: "The first event of every room.",
  data: { name: z.string(), kind: z.enum(roomKinds), topic: z.string() },
  example: { seq: 1, name: "Lobby", kind: "lobby", topic: "" },
});

export const roomJoined = event("room.joined", {
  summary: "In the inbox: one is in this room now, on every device.",
  data: { room },
  example: {
    stream: "inbox",
    seq: 4,
    room: {
      stream: "r_8fK2qZ7mQa",
      name: "设计 Design",
      kind: "public",
      topic: "",
      head: 412,
      read: 412,
      unread: 0,
    },
  },
});

export const roomLeft = event("room.left", {
  summary: "In the inbox: one is no longer in this room, on every device.",
  data: { room: roomId },
  example: { stream: "inbox", seq: 5, room: "r_8fK2qZ7mQa" },
});
