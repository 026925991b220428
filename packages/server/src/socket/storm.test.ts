import { afterAll, afterEach, beforeAll, expect, spyOn, test } from "bun:test";
import type { FrameObject } from "@parley/protocol";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import * as events from "../store/reads/events.ts";
import * as people from "../store/reads/people.ts";
import * as sessions from "../store/reads/sessions.ts";
import * as standings from "../store/reads/standings.ts";
import { cid, enter, type Present } from "../testing/enter.ts";
import { generous } from "../testing/generous.ts";
import {
  startTestServer,
  type TestServer,
} from "../testing/start-test-server.ts";
import { joinAs, roomsOf, type TestGuest } from "../testing/test-guest.ts";
import { TestSocket } from "../testing/test-socket.ts";

// A crowd that comes back to a server that has just started, and what it asks
// of the store: real sockets, real store, counted where the queries are made.

const crowd = 200;
const roomCount = 10;
const environment = {
  ...generous,
  PARLEY_LIMITS: "off",
};

let folder: string;
let server: TestServer;
let guests: TestGuest[];
let rooms: string[];
let epoch: string;
let heads: Map<string, number>;

const eventReads = spyOn(events, "eventsOf");
const pageReads = spyOn(events, "eventsAfter");
const headReads = spyOn(events, "heads");
const sessionReads = spyOn(sessions, "sessions");
const membershipReads = spyOn(people, "memberships");
const peopleReads = spyOn(people, "people");
const standingReads = spyOn(standings, "standings");
const spies = {
  eventReads,
  pageReads,
  headReads,
  sessionReads,
  membershipReads,
  peopleReads,
  standingReads,
};

async function sayMany(ann: Present, room: string, count: number) {
  for (let said = 0; said < count; said += 50) {
    const posts = Array.from({ length: Math.min(50, count - said) }, () =>
      ann.say("hello", room),
    );
    await Promise.all(posts);
  }
}

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "parley-storm-"));
  server = await startTestServer(environment, { folder });
  const ann = await enter(server, "Ann");
  rooms = [];
  for (let n = 0; n < roomCount; n += 1) {
    rooms.push(await ann.makeRoom(`Room ${cid()}`));
  }
  guests = await Promise.all(
    Array.from({ length: crowd }, (_, n) => joinAs(server, `Guest ${n}`)),
  );
  await Promise.all(
    guests.map(async (guest) => {
      const present = await enter(server, "", { guest, cursors: {} });
      for (const stream of rooms) {
        await present.ask({ type: "room.join", stream, cid: cid() });
      }
      await present.leave();
    }),
  );
  await sayMany(ann, rooms[0] ?? "", 600);
  for (const room of rooms.slice(1)) await sayMany(ann, room, 40);
  const { rooms: known, ...rest } = await roomsOf(server, ann.guest);
  epoch = rest.epoch;
  heads = new Map(known.map(({ stream, head }) => [stream, head]));
  await ann.leave();
}, 60_000);
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
  for (const spy of Object.values(spies)) spy.mockRestore();
});

beforeAll(restart);
afterEach(restart);

/** Nothing is at hand in a server that has just started. */
async function restart(): Promise<void> {
  await server[Symbol.asyncDispose]();
  server = await startTestServer(environment, { folder });
  for (const spy of Object.values(spies)) spy.mockClear();
}

type Missed = (guest: number, room: number) => number | null;

/** All come back at once, each behind by so much in each room. */
async function comeBack(missed: Missed): Promise<FrameObject[][]> {
  const sockets = await Promise.all(
    guests.map(async ({ cookie }, guest) => {
      const protocols = ["parley.v1"];
      const socket = await TestSocket.open(server, { cookie, protocols });
      const cursors: Record<string, number | null> = { inbox: 1 + roomCount };
      for (const [index, room] of rooms.entries()) {
        const behind = missed(guest, index);
        const head = heads.get(room) ?? 0;
        cursors[room] = behind === null ? null : head - behind;
      }
      socket.send({ type: "hello", id: 1, epoch, cursors });
      await socket.next(({ type }) => type === "ready", 20_000);
      for (const [room, at] of Object.entries(cursors)) {
        if (room !== "inbox") expectLevel(socket.received, room, at);
      }
      return socket;
    }),
  );
  for (const socket of sockets) socket.close();
  return sockets.map(({ received }) => received);
}

/** From where they were, or a reset, every number once, up to the head. */
function expectLevel(
  received: readonly FrameObject[],
  room: string,
  at: number | null,
): void {
  const head = heads.get(room) ?? 0;
  const own = received.filter(({ stream }) => stream === room);
  if (own[0]?.type === "reset") {
    expect(own).toHaveLength(1);
    expect(own[0]["head"]).toBe(head);
    const page = own[0]["events"] as FrameObject[];
    expect(page.at(-1)?.["seq"]).toBe(head);
    return;
  }
  const from = at ?? 0;
  const all = Array.from({ length: head - from }, (_, n) => from + n + 1);
  expect(own.map(({ seq }) => seq)).toEqual(all);
}

/** How often each of these streams was read. */
function readsByStream(): Map<string, number> {
  const counts = new Map<string, number>();
  for (const [, ranges] of eventReads.mock.calls) {
    for (const stream of ranges.keys()) {
      counts.set(stream, (counts.get(stream) ?? 0) + 1);
    }
  }
  return counts;
}

function callsOf(): Record<string, number> {
  return Object.fromEntries(
    Object.entries(spies).map(([name, spy]) => [name, spy.mock.calls.length]),
  );
}

test("[P13] when nothing moved, a crowd costs no read of events at all", async () => {
  await comeBack(() => 0);
  expect(callsOf()).toMatchObject({ eventReads: 0, pageReads: 0 });
});

test("[P13] a crowd that missed as much in every room costs one read per room that moved", async () => {
  await comeBack((_, room) => (room < 4 ? 10 : 0));
  const counts = readsByStream();
  expect([...counts.keys()].sort()).toEqual(rooms.slice(0, 4).sort());
  for (const count of counts.values()) expect(count).toBe(1);
  expect(callsOf()).toMatchObject({ pageReads: 0 });
});

test("[P13] [P8] where all are too far behind, the page is one read, and so are its authors", async () => {
  const came = await comeBack((_, room) => (room === 0 ? 500 : 0));
  for (const received of came) {
    expect(received.filter(({ type }) => type === "reset")).toHaveLength(1);
  }
  expect(readsByStream()).toEqual(new Map([[rooms[0] ?? "", 1]]));
});

test("[P13] cursors that lie far apart are two reads of a room at the very most", async () => {
  await comeBack((guest, room) =>
    room === 0 ? ([0, 1, 49, 51, 299, 300, 301, null][guest % 8] ?? null) : 0,
  );
  expect(readsByStream().get(rooms[0] ?? "")).toBeLessThanOrEqual(2);
  expect(callsOf()).toMatchObject({ pageReads: 0 });
});

test("[P8] who is behind in many rooms costs one question about events, not one per room", async () => {
  const others = guests.splice(1);
  await comeBack((_, room) => room + 1);
  guests.push(...others);
  const ranges = eventReads.mock.calls.map(([, asked]) => asked.size);
  expect(ranges).toEqual([roomCount]);
});

test("[P13] sessions, memberships, heads and counts are asked for together: far less often than clients come", async () => {
  await comeBack((guest, room) => (room === 0 && guest % 2 === 0 ? 400 : 0));
  const calls = callsOf();
  expect(calls).toMatchObject({ pageReads: 0 });
  expect(
    Math.min(headReads.mock.calls.length, standingReads.mock.calls.length),
  ).toBeGreaterThan(0);
  for (const [name, count] of Object.entries(calls)) {
    expect(`${name}: ${count <= crowd / 2 ? "few" : count}`).toBe(
      `${name}: few`,
    );
  }
});
