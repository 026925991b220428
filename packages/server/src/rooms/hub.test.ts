import { beforeEach, expect, test } from "bun:test";
import { readFrame } from "@parley/protocol";
import { inboxOf } from "../store/stream-keys.ts";
import type { CommittedEvent, Reads } from "../store/store.ts";
import { committed } from "../testing/committed.ts";
import type { Follower } from "./follower.ts";
import { Hub } from "./hub.ts";
import { PresentPeople } from "./present-people.ts";
import type { EncodedEvent } from "./encoded-event.ts";

const room = "r_room000000";
const ann = "u_ann0000000";
const bob = "u_bob0000000";

function sessionOf(person: string): string {
  return person === ann ? "s_aaaaaaaaaaaaaaaa" : "s_bbbbbbbbbbbbbbbb";
}

/** What happened, in order: a publish with its numbers, or an unsubscribe. */
let happened: string[];
let bytes: number[];
let people: PresentPeople;
let hub: Hub;

beforeEach(async () => {
  happened = [];
  bytes = [];
  const reads: Pick<Reads, "memberships" | "heads" | "choices"> = {
    memberships: (ids) =>
      Promise.resolve(new Map(ids.map((id) => [id, new Map([[room, 1]])]))),
    choices: () => Promise.resolve(new Map()),
    heads: () => Promise.resolve(new Map()),
  };
  people = new PresentPeople(reads as Reads);
  hub = new Hub(people, (session) => happened.push(`${session} is over`));
  hub.use({
    publish: (topic, frame) => {
      bytes.push(frame.length);
      const seqs = readFrame(frame).map(({ seq, type }) => String(seq ?? type));
      happened.push(`${topic} ${seqs.join()}`);
    },
    subscriberCount: (topic) => (topic === `s:${room}` ? 1 : 0),
  });
  for (const person of [ann, bob]) {
    const follower: Follower = {
      person,
      sessionId: sessionOf(person),
      isAway: false,
      endSession: () => happened.push(`${person} is signed out`),
      subscribe: () => undefined,
      unsubscribe: (topic) => happened.push(`${person} leaves ${topic}`),
    };
    people.arrive(follower);
    await people.known(person);
  }
});

function deliver(stream: string, events: readonly CommittedEvent[]): void {
  hub.deliver(
    stream,
    events.map((one): EncodedEvent => {
      const { event } = one;
      const text = JSON.stringify(event);
      const removes = event.type === "member.left" ? event.person : undefined;
      return {
        seq: event.seq,
        text,
        bytes: text.length,
        by: "u_author0000",
        removes,
        deletes: undefined,
        committed: one,
      };
    }),
  );
}

function left(seq: number, person: string): CommittedEvent {
  return committed(room, seq, { type: "member.left", person });
}

test("what one commit made goes out as one frame", () => {
  deliver(
    room,
    [1, 2, 3].map((seq) => committed(room, seq)),
  );
  expect(happened).toEqual([`s:${room} 1,2,3`]);
});

test("more than 16,000 bytes go out as several frames, in order", () => {
  const text = "x".repeat(5_000);
  const events = Array.from({ length: 10 }, (_, n) =>
    committed(room, n + 1, { text }),
  );
  deliver(room, events);
  expect(
    happened
      .join()
      .match(/\b\d+\b/g)
      ?.join(),
  ).toBe("1,2,3,4,5,6,7,8,9,10");
  expect(Math.max(...bytes)).toBeLessThan(16_100);
  expect(bytes.length).toBe(4);
});

test("[A-1] a removal divides the frame: its person hears it, and not what follows", () => {
  deliver(room, [
    committed(room, 1),
    left(2, bob),
    committed(room, 3),
    committed(room, 4),
  ]);
  expect(happened).toEqual([
    `s:${room} 1,2`,
    `${bob} leaves s:${room}`,
    `${bob} leaves g:${room}`,
    `${bob} leaves p:${room}`,
    `s:${room} 3,4`,
  ]);
  expect(people.isIn(bob, room)).toBe(false);
  expect(people.isIn(ann, room)).toBe(true);
});

test("[A-1] the inbox removes from a room that nobody here follows, and lets into one", () => {
  const other = "r_other00000";
  deliver(inboxOf(ann), [
    committed("inbox", 1, { type: "room.left", room }),
    committed("inbox", 2, {
      type: "room.joined",
      room: {
        stream: other,
        name: "Other",
        kind: "public",
        topic: "",
        head: 1,
        read: 1,
        unread: 0,
      },
    }),
  ]);
  expect(people.isIn(ann, room)).toBe(false);
  expect(people.isIn(ann, other)).toBe(true);
  expect(people.isIn(bob, other)).toBe(false);
  expect(happened).toContain(`${ann} leaves s:${room}`);
  expect(happened.some((one) => one.startsWith(bob))).toBe(false);
});

test("[A-2] the inbox tells which session has ended: its sockets are closed, and no other's", () => {
  deliver(inboxOf(ann), [
    committed("inbox", 1, { type: "session.ended", session: sessionOf(ann) }),
    committed("inbox", 2, {
      type: "session.ended",
      session: "s_cccccccccccccccc",
    }),
  ]);
  expect(happened).toEqual([
    `s:${inboxOf(ann)} 1,2`,
    `${sessionOf(ann)} is over`,
    `${ann} is signed out`,
    "s_cccccccccccccccc is over",
  ]);
});

test("a stream is followed by its sockets, its listeners, and an inbox by its person's presence", () => {
  const cases: [string, boolean][] = [
    [room, true],
    ["r_nobody0000", false],
    [inboxOf(ann), true],
    [inboxOf("u_absent0000"), false],
  ];
  for (const [stream, isFollowed] of cases) {
    expect(`${stream} ${hub.isFollowed(stream)}`).toBe(
      `${stream} ${isFollowed}`,
    );
  }
  hub.listen("r_nobody0000", () => undefined);
  expect(hub.isFollowed("r_nobody0000")).toBe(true);
});

test("[I7] a signal has a topic of its own, so that it can be shed alone", () => {
  hub.signal(room, { type: "typing", stream: room, by: [ann] });
  expect(happened).toEqual([`g:${room} typing`]);
});
