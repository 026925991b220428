import { beforeEach, expect, test } from "bun:test";
import { inboxOf } from "../store/stream-keys.ts";
import type { CommittedEvent, Reads } from "../store/store.ts";
import { committed } from "../testing/committed.ts";
import { encode } from "./encoded-event.ts";
import type { Follower } from "./follower.ts";
import { Hub } from "./hub.ts";
import { PresentPeople } from "./present-people.ts";

// Somebody leaves a room and comes back through another node, and here the
// room's feed is behind their inbox: one message was lost on the way, or the
// store is read and the inbox's answer came first.

const room = "r_room000000";
const bob = "u_bob0000000";

let topics: Set<string>;
let people: PresentPeople;
let hub: Hub;

beforeEach(async () => {
  topics = new Set([`s:${room}`, `g:${room}`]);
  const reads: Pick<Reads, "memberships" | "heads" | "choices"> = {
    memberships: (ids) =>
      Promise.resolve(new Map(ids.map((id) => [id, new Map([[room, 1]])]))),
    choices: () => Promise.resolve(new Map()),
    heads: () => Promise.resolve(new Map([[inboxOf(bob), 5]])),
  };
  people = new PresentPeople(reads as Reads);
  hub = new Hub(people);
  const follower: Follower = {
    person: bob,
    sessionId: "s_bbbbbbbbbbbbbbbb",
    isAway: false,
    endSession: () => undefined,
    subscribe: (topic) => topics.add(topic),
    unsubscribe: (topic) => topics.delete(topic),
  };
  people.arrive(follower);
  await people.known(bob);
});

function deliver(stream: string, events: readonly CommittedEvent[]): void {
  hub.deliver(stream, events.map(encode));
}

test("[A-1] [S-1] a leave in a room's log that is older than the person's return takes nobody out", () => {
  const summary = { stream: room, head: 11, read: 11, unread: 0 };
  deliver(inboxOf(bob), [
    committed(inboxOf(bob), 6, { type: "room.left", room } as object),
    committed(inboxOf(bob), 7, {
      type: "room.joined",
      room: summary,
    } as object),
  ]);
  // Their client follows it again, as it was told.
  expect(people.isIn(bob, room)).toBe(true);
  topics = new Set([`s:${room}`, `g:${room}`]);

  deliver(room, [
    committed(room, 10, { type: "member.left", person: bob } as object),
    committed(room, 11, { type: "member.joined" } as object),
    committed(room, 12),
  ]);
  expect(people.isIn(bob, room)).toBe(true);
  expect([...topics]).toEqual([`s:${room}`, `g:${room}`]);
});

test("[A-1] a leave that is newer than the person's return does take them out", () => {
  const summary = { stream: room, head: 11, read: 11, unread: 0 };
  deliver(inboxOf(bob), [
    committed(inboxOf(bob), 6, { type: "room.left", room } as object),
    committed(inboxOf(bob), 7, {
      type: "room.joined",
      room: summary,
    } as object),
  ]);
  topics = new Set([`s:${room}`, `g:${room}`]);
  deliver(room, [
    committed(room, 12, { type: "member.left", person: bob } as object),
  ]);
  expect(people.isIn(bob, room)).toBe(false);
  expect([...topics]).toEqual([]);
});
