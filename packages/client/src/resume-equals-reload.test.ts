import { describe, expect, test } from "bun:test";
import { holesOf, runsOf } from "./runs.ts";
import type { RoomState } from "./state.ts";
import {
  ann,
  bob,
  createScene,
  design,
  eve,
  lobby,
  type Scene,
  type Visit,
} from "./testing/scene.ts";
import { seededRandom } from "./testing/wire.ts";

// A device goes through cuts, silences, holes, lost answers, crashes and reloads
// while others talk. When that is over it must show what a fresh page shows, and what the
// log says. A failing seed becomes a named test: run(seed).

const steps = 80;
/** PARLEY_SEED=… runs that one only. */
const chosen = process.env["PARLEY_SEED"];
const firstSeed = Number(chosen ?? 1);
const seeds =
  chosen === undefined ? Number(process.env["PARLEY_SEEDS"] ?? 150) : 1;
const streams = [lobby, design, "r_Garden0000"];

describe("[S-1] [V-4] [U-1] the state after resumes equals the state after a fresh load", () => {
  for (let seed = firstSeed; seed < firstSeed + seeds; seed += 1) {
    test(`seed ${seed}`, () => void run(seed));
  }
});

test("the same seed makes the same run, frame by frame", () => {
  for (const seed of [3, 7, 11]) expect(run(seed)).toEqual(run(seed));
});

function run(seed: number): string[] {
  const scene = createScene(seed);
  const { server, wire, enter } = scene;
  for (const stream of streams.slice(1)) {
    server.addRoom(stream, stream.slice(2), [ann, bob]);
  }
  const browser = wire.browser();
  let old = enter(ann, { browser });
  const phone = enter(ann);
  const frames: string[] = [];
  const random = seededRandom(seed * 7919);
  const posted: string[] = [];
  for (let step = 0; step < steps; step += 1) {
    disturb(scene, old, phone, random, posted);
    if (random() < 0.7) wire.flush();
    if (random() < 0.06) {
      // What was written in this very moment is not on the disk yet.
      wire.flush();
      old.device.crash();
      frames.push(...old.device.written);
      old = enter(ann, { browser, isOnline: random() < 0.7 });
    }
  }
  heal(scene, [old, phone]);
  const fresh = enter(ann);
  for (const { stream } of fresh.chat.state.rooms) {
    fresh.chat.open(stream);
    wire.advance(100);
  }
  expect(old.chat.state.connection.status).toBe("live");
  for (const visit of [old, phone]) {
    expect(visit.chat.state.rooms.map(facts)).toEqual(
      fresh.chat.state.rooms.map(facts),
    );
  }
  for (const visit of [old, phone, fresh]) {
    for (const room of visit.chat.state.rooms) checkRoom(scene, room);
  }
  checkPosted(scene, posted);
  return [...frames, ...old.device.written];
}

/** One thing that happens, or one thing that goes wrong. */
function disturb(
  { server, wire }: Scene,
  { chat, device }: Visit,
  phone: Visit,
  random: () => number,
  posted: string[],
) {
  const pick = <Item>(items: readonly Item[]) =>
    items[Math.floor(random() * items.length)] as Item;
  const stream = pick(streams);
  const room = chat.state.rooms.find((one) => one.stream === stream);
  switch (Math.floor(random() * 17)) {
    case 0:
    case 1:
    case 2:
      server.post(pick([bob, eve]), stream, `m${random()}`);
      break;
    case 3:
      // Sometimes more than is replayed.
      for (let n = random() < 0.2 ? 350 : 20; n > 0; n -= 1) {
        server.post(bob, stream, `burst ${n}`);
      }
      break;
    case 4:
    case 5:
      if (room) posted.push(`${stream} ${chat.post(stream, "mine")}`);
      break;
    case 6:
      if (room) chat.markRead(stream, room.read + Math.floor(random() * 30));
      break;
    case 7:
      phone.chat.markRead(stream, Math.floor(random() * 400));
      break;
    case 8:
      chat.open(stream);
      break;
    case 9: {
      const [hole] = room ? holesOf(room.timeline) : [];
      const asked = hole
        ? chat.fillHole(stream, hole, hole.upTo % 2 === 0 ? "after" : "upTo")
        : chat.loadOlder(stream);
      asked.catch(() => undefined);
      break;
    }
    case 10:
      // 1001 blames nobody: a failed row would be right, and is tested apart.
      device.cut(1001);
      break;
    case 11:
      device.isOnline = !device.isOnline;
      if (!device.isOnline) device.cut(1001);
      break;
    case 12:
      device.isReading = !device.isReading;
      break;
    case 13: {
      const missed = random() < 0.5 ? 0.3 : 0;
      server.misses = () => random() < missed;
      break;
    }
    case 14:
      if (stream === lobby) break;
      if (random() < 0.5) server.leave(ann, stream);
      else server.join(ann, stream);
      break;
    case 15:
      wire.advance(Math.floor(random() * 8_000));
      break;
    case 16:
      server.append(stream, { type: "poll.opened", by: bob });
      break;
  }
}

function heal({ server, wire }: Scene, visits: readonly Visit[]) {
  server.misses = () => false;
  for (const { device } of visits) {
    device.isOnline = true;
    device.isReading = true;
    // What was missed at the very end shows with the next event or connection.
    device.cut(1001);
    device.wake();
  }
  wire.advance(90_000);
}

/** What a screen shows of a room, apart from how far it has scrolled. */
function facts({ stream, name, kind, head, read, unread, typing }: RoomState) {
  return { stream, name, kind, head, read, unread, typing };
}

/** The rows are contiguous slices of the log; the newest ends at the head (V-2). */
function checkRoom({ server }: Scene, room: RoomState) {
  const { stream, head, unread, timeline } = room;
  const log = server.messages(stream);
  expect(timeline.to).toBe(head);
  for (const { from, to, messages } of runsOf(timeline)) {
    const slice = log.filter(({ seq }) => from <= seq && seq <= to);
    expect(messages.map(seqAndText)).toEqual(slice.map(seqAndText));
  }
  expect(holesOf(timeline).filter(({ after, upTo }) => after >= upTo)).toEqual(
    [],
  );
  expect(
    timeline.pending.filter((row) => row.status.kind === "waiting"),
  ).toEqual([]);
  expect(unread).toBe(server.unread(ann, stream));
}

/** Each is there at most once, in the order of writing (D-3, O-2). */
function checkPosted({ server }: Scene, posted: readonly string[]) {
  for (const stream of streams) {
    const mine = server.messages(stream).filter(({ by }) => by === ann);
    const stored = mine.map(({ cid }) => `${stream} ${cid}`);
    expect(posted.filter((one) => stored.includes(one))).toEqual(stored);
  }
}

function seqAndText({ seq, text }: { seq: number; text: string }) {
  return `${seq} ${text}`;
}
