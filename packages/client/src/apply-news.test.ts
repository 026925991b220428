import type { Event, EventName, EventOf, Person } from "@parley/protocol";
import { expect, test } from "bun:test";
import { applyEvent } from "./apply-event.ts";
import { applyRooms } from "./apply-rooms.ts";
import { emptyModel, type ChatModel } from "./chat-model.ts";
import { annHerself, answerOf } from "./testing/rooms-answer.ts";

// What events say of rooms, of people, and of oneself.

const me = annHerself.id;
const bob: Person = { id: "u_Bob0000000", name: "Bob", kind: "member" };
const stream = "r_Design0000";
const direct = "r_Direct0000";
const counts = { head: 10, read: 10, unread: 0 };
const listed = applyRooms(
  emptyModel(annHerself),
  answerOf(
    1,
    { stream, name: "Design", kind: "public", topic: "", ...counts },
    {
      ...{ stream: direct, name: "", kind: "direct", topic: "", ...counts },
      people: [bob],
      hidden: 8,
    },
  ),
);

type Said<Name extends EventName> = Omit<
  EventOf<Name>,
  "type" | "stream" | "seq" | "at" | "by"
>;

/** One event after another, each with the next number of its stream. */
function after<Name extends EventName>(
  model: ChatModel,
  where: string,
  type: Name,
  said: Said<Name>,
): ChatModel {
  const cursor = where === "inbox" ? model.inbox : room(model, where).head;
  const place = { type, stream: where, seq: cursor + 1, at: 50, by: bob.id };
  return applyEvent(model, { ...place, ...said } as unknown as Event);
}

function room(model: ChatModel, where = stream) {
  const found = model.rooms.get(where);
  if (!found) throw new Error("The room is gone.");
  return found;
}

test("the list of rooms says what each is, who is in the direct ones, and what one has chosen", () => {
  expect(room(listed)).toMatchObject({
    ...{ readOnly: false, archived: false, moderator: false },
    ...{ favourite: false, muted: false, hidden: 0, others: [] },
  });
  expect(room(listed, direct)).toMatchObject({ hidden: 8, others: [bob.id] });
  expect(listed.people.get(bob.id)).toEqual(bob);
  const preferences = {
    ...{ showsPresence: false, showsTyping: true },
    roomOrder: "recent" as const,
  };
  const again = applyRooms(listed, {
    ...answerOf(1),
    ...{ preferences, blocked: [bob.id], me: { ...annHerself, name: "Anna" } },
  });
  expect(again).toMatchObject({ preferences, self: { name: "Anna" } });
  expect([...again.blocked]).toEqual([bob.id]);
});

test("a room is otherwise from its event on, and what is not named stays", () => {
  let model = after(listed, stream, "room.changed", {
    ...{ name: "Screens", readOnly: true, kind: "private" },
  });
  expect(room(model)).toMatchObject({
    ...{ name: "Screens", topic: "", kind: "private", readOnly: true },
    archived: false,
  });
  model = after(model, stream, "room.changed", { archived: true });
  expect(room(model)).toMatchObject({ readOnly: true, archived: true });
  model = after(model, stream, "room.changed", {
    ...{ readOnly: false, archived: false, topic: "Words" },
  });
  expect(room(model)).toMatchObject({ readOnly: false, topic: "Words" });
});

test("a list that was on its way does not undo what the room has told since", () => {
  const model = after(listed, stream, "room.changed", { name: "Screens" });
  const old = { stream, name: "Design", kind: "public", topic: "" } as const;
  const again = applyRooms(model, answerOf(1, { ...old, ...counts }));
  expect(room(again).name).toBe("Screens");
  const news = { ...old, name: "Words", ...counts, head: 11 };
  expect(room(applyRooms(again, answerOf(1, news))).name).toBe("Words");
});

test("one is the room's moderator by one's own events only", () => {
  const own = { person: annHerself, moderator: true };
  const others = { person: bob, moderator: true };
  const other = after(listed, stream, "member.changed", others);
  expect(room(other)).toMatchObject({ moderator: false, membersAsOf: 11 });
  let model = after(other, stream, "member.changed", own);
  expect(room(model).moderator).toBe(true);
  // A new name says nothing about that.
  model = after(model, stream, "member.changed", { person: annHerself });
  expect(room(model).moderator).toBe(true);
  model = after(model, stream, "member.changed", { ...own, moderator: false });
  expect(room(model).moderator).toBe(false);
});

test("[A-3] people are who their rooms say, without what only they may know", () => {
  const person = { ...bob, name: "Bobby", rank: "moderator" as const };
  const more = { username: "bob", suspended: true as const };
  const model = after(listed, stream, "member.changed", {
    person: { ...person, ...more, email: "bob@example.org" } as Person,
  });
  expect(model.people.get(bob.id)).toEqual({ ...person, ...more });
});

test("one is another by the inbox, and everything else that one has chosen", () => {
  const renamed = { ...annHerself, name: "Anna", rank: "owner" as const };
  let model = after(listed, "inbox", "me.changed", { me: renamed });
  expect(model.self).toEqual(renamed);
  expect(model.people.get(me)).toEqual({
    ...{ id: me, name: "Anna", kind: "guest", rank: "owner" },
  });
  const preferences = {
    ...{ showsPresence: false, showsTyping: false },
    roomOrder: "recent" as const,
  };
  model = after(model, "inbox", "preferences.set", { preferences });
  expect(model.preferences).toEqual(preferences);
  const block = { person: bob.id, blocked: true };
  model = after(model, "inbox", "person.blocked", block);
  expect([...model.blocked]).toEqual([bob.id]);
  block.blocked = false;
  model = after(model, "inbox", "person.blocked", block);
  expect([...model.blocked]).toEqual([]);
  expect(model.inbox).toBe(5);
});

test("a room out of sight comes back with what is said, and with nothing else", () => {
  let model = after(listed, direct, "member.changed", { person: bob });
  expect(room(model, direct).hidden).toBe(8);
  model = after(model, direct, "message.posted", { cid: "c", text: "hello" });
  expect(room(model, direct).hidden).toBe(0);
  const put = { favourite: false, muted: false, room: direct };
  // Put out of sight before that was said, which its event did not know.
  model = after(model, "inbox", "room.arranged", { ...put, hidden: 11 });
  expect(room(model, direct).hidden).toBe(0);
  model = after(model, "inbox", "room.arranged", { ...put, hidden: 12 });
  expect(room(model, direct).hidden).toBe(12);
  // One's own words count, and those that are deleted by now.
  model = after(model, direct, "message.posted", {
    ...{ cid: "d", text: "", deleted: true },
  });
  expect(room(model, direct).hidden).toBe(0);
});

test("what was said before a room was put out of sight does not bring it back when it comes later", () => {
  const put = { favourite: true, muted: true, room: direct, hidden: 11 };
  let model = after(listed, "inbox", "room.arranged", put);
  model = after(model, direct, "message.posted", { cid: "c", text: "late" });
  expect(room(model, direct)).toMatchObject({
    ...{ hidden: 11, head: 11, favourite: true, muted: true },
  });
});

test("the place's own log, which nobody follows, changes nothing", () => {
  const acted = { type: "place.acted", stream: "place", seq: 1 };
  const event = { ...acted, at: 1, by: me, act: "place.claimed" };
  expect(applyEvent(listed, event as unknown as Event)).toBe(listed);
});
