import type { Event } from "@parley/protocol";
import { expect, test } from "bun:test";
import { applyEvent } from "./apply-event.ts";
import { applyReset } from "./apply-reset.ts";
import { applyRooms } from "./apply-rooms.ts";
import { changeRoom, emptyModel, type ChatModel } from "./chat-model.ts";
import { annHerself, answerOf } from "./testing/rooms-answer.ts";

const me = annHerself.id;
const bob = { id: "u_Bob0000000", name: "Bob", kind: "guest" } as const;
const stream = "r_Lobby00000";
const summary = {
  stream,
  name: "Lobby",
  kind: "lobby",
  topic: "",
  head: 10,
  read: 4,
  unread: 3,
} as const;

const listed = applyRooms(emptyModel(annHerself), answerOf(1, summary));

function room(model: ChatModel) {
  const found = model.rooms.get(stream);
  if (!found) throw new Error("The room is gone.");
  return found;
}

function posted(seq: number, by: string = bob.id): Event {
  const cid = `c${seq}`;
  const text = `m${seq}`;
  return { type: "message.posted", stream, seq, at: seq, by, cid, text };
}

function marked(
  seq: number,
  mark: { upTo: number; unread: number; head: number },
): Event {
  const place = { stream: "inbox", seq, at: seq, by: me };
  return { type: "read.marked", ...place, room: stream, ...mark };
}

test("[V-1] only the next number changes anything", () => {
  expect(applyEvent(listed, posted(10))).toBe(listed);
  expect(applyEvent(listed, posted(12))).toBe(listed);
  expect(room(applyEvent(listed, posted(11)))).toMatchObject({
    head: 11,
    unread: 4,
  });
  expect(applyEvent(listed, { ...posted(1), stream: "r_Other00000" })).toBe(
    listed,
  );
});

test("events say who people are, what the room is called, and where one is", () => {
  const place = { stream, at: 1, by: bob.id };
  const joined: Event = {
    type: "member.joined",
    ...place,
    seq: 11,
    person: bob,
  };
  const named: Event = {
    type: "room.created",
    ...place,
    seq: 12,
    name: "Foyer",
    kind: "lobby",
    topic: "All",
  };
  let model = applyEvent(applyEvent(listed, joined), named);
  // The name of the room does not make its members others.
  expect([room(listed), room(model)]).toMatchObject([
    { membersAsOf: 10 },
    { membersAsOf: 11 },
  ]);
  expect(model.people.get(bob.id)).toEqual(bob);
  expect(room(model)).toMatchObject({ name: "Foyer", topic: "All", head: 12 });
  const other = { ...summary, stream: "r_Other00000", head: 7 };
  const inbox = { stream: "inbox", at: 1, by: me };
  model = applyEvent(model, {
    type: "room.joined",
    ...inbox,
    seq: 2,
    room: other,
  });
  expect(model.rooms.get(other.stream)).toMatchObject({
    head: 7,
    timeline: { from: 8, to: 7, status: "unloaded" },
  });
  model = applyEvent(model, {
    type: "room.left",
    ...inbox,
    seq: 3,
    room: other.stream,
  });
  expect([...model.rooms.keys()]).toEqual([stream]);
  expect(model.inbox).toBe(3);
});

test("that a session has ended elsewhere moves the inbox's cursor, and nothing else", () => {
  const place = { stream: "inbox", seq: 2, at: 2, by: me };
  const session = "s_5f0c9a72e1b84d36";
  const told = applyEvent(listed, { type: "session.ended", ...place, session });
  const time = { greeted: 0, latest: 2 };
  expect(told).toEqual({ ...listed, time, inbox: 2 });
});

test("[V-1] one's own message takes its pending row away; somebody else's with that cid does not", () => {
  const row = {
    cid: "c11",
    text: "m11",
    at: 0,
    status: { kind: "waiting" },
  } as const;
  const pending = changeRoom(listed, stream, (one) => ({
    ...one,
    timeline: { ...one.timeline, pending: [row] },
  }));
  expect(room(applyEvent(pending, posted(11, me))).timeline.pending).toEqual(
    [],
  );
  expect(room(applyEvent(pending, posted(11))).timeline.pending).toEqual([row]);
});

test("[U-2] a mark that is older than what a reset told changes nothing", () => {
  const reset = applyReset(listed, {
    type: "reset",
    id: 1,
    stream,
    reason: "far",
    head: 500,
    read: 400,
    unread: 60,
    events: [],
    people: [],
  });
  expect(room(reset)).toMatchObject({ head: 500, read: 400, unread: 60 });
  const older = applyEvent(reset, marked(2, { upTo: 50, unread: 7, head: 60 }));
  expect(room(older)).toMatchObject({ read: 400, unread: 60 });
  const newer = applyEvent(
    older,
    marked(3, { upTo: 450, unread: 9, head: 500 }),
  );
  expect(room(newer)).toMatchObject({ read: 450, unread: 9 });
});

test("[U-2] a list that is older than the marks seen since does not lower them", () => {
  const read = applyEvent(listed, marked(2, { upTo: 10, unread: 0, head: 10 }));
  const again = applyRooms(read, answerOf(2, { ...summary, name: "Foyer" }));
  expect(room(again)).toMatchObject({ name: "Foyer", read: 10, unread: 0 });
});

test("a reset begins with its first event, or after the head where it has none", () => {
  const answer = {
    type: "reset",
    id: 1,
    stream,
    reason: "far",
    head: 90,
  } as const;
  const people = [bob];
  const full = applyReset(listed, {
    ...answer,
    people,
    events: [posted(89), { ...posted(90), type: "poll.opened" }],
  });
  expect(room(full).timeline).toMatchObject({
    status: "loaded",
    from: 89,
    to: 90,
  });
  expect(room(full).timeline.messages).toHaveLength(1);
  expect(full.people.get(bob.id)).toEqual(bob);
  const empty = applyReset(listed, { ...answer, people, events: [] });
  expect(room(empty).timeline).toMatchObject({ from: 91, to: 90 });
});
