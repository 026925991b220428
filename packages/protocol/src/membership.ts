import { z } from "zod";
import { command, event } from "./define.ts";
import { cid, personId, roomId, seq, streamId } from "./ids.ts";
import { person } from "./people.ts";

/** People who may be invited at once. */
export const invitedMax = 50;

const changed = {
  cid,
  stream: streamId,
  seq,
  repeated: z.literal(true).optional(),
};
const asked = {
  cid: "01926e4a-7c3b-7d2e-9f10-5a6b7c8d9e0f",
  stream: "r_8fK2qZ7mQa",
};

export const inviteToRoom = command("room.invite", {
  summary:
    "Lets people into a room one is in. Who is in it already is passed over; when all are, the answer has `repeated`.",
  params: {
    cid,
    stream: roomId,
    people: z.array(personId).min(1).max(invitedMax, "too_many_items"),
  },
  result: changed,
  example: {
    ask: { ...asked, people: ["u_77aQ0cXw2L"] },
    answer: { ...asked, seq: 415 },
  },
});

export const removeFromRoom = command("room.remove", {
  summary:
    "Takes somebody out of a room. Nothing later of it reaches them. Who is not in it gets `repeated`.",
  params: { cid, stream: roomId, person: personId },
  result: changed,
  example: {
    ask: { ...asked, person: "u_77aQ0cXw2L" },
    answer: { ...asked, seq: 416 },
  },
});

export const changeMember = command("member.change", {
  summary: "Makes somebody in a room its moderator, or no longer.",
  params: { cid, stream: roomId, person: personId, moderator: z.boolean() },
  result: changed,
  example: {
    ask: { ...asked, person: "u_77aQ0cXw2L", moderator: true },
    answer: { ...asked, seq: 417 },
  },
});

export const memberJoined = event("member.joined", {
  summary:
    "Somebody is in the room from here on; `by` let them in, when it is another.",
  data: { person, moderator: z.literal(true).optional() },
  example: { person: { id: "u_77aQ0cXw2L", name: "Ann", kind: "guest" } },
});

export const memberLeft = event("member.left", {
  summary:
    "Somebody is no longer in the room; `by` took them out, when it is another.",
  data: { person: personId },
  example: { person: "u_77aQ0cXw2L" },
});

export const memberChanged = event("member.changed", {
  summary:
    "Somebody in the room has another name or rank, or is its moderator or no longer: `moderator` when it is about that.",
  data: { person, moderator: z.boolean().optional() },
  example: {
    person: { id: "u_77aQ0cXw2L", name: "Ann", kind: "member" },
    moderator: true,
  },
});
