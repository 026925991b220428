import { beforeEach, expect, test } from "bun:test";
import { room, settle, SmallWorld } from "../testing/small-world.ts";
import { Backlogs, farBehindBytes } from "./backlogs.ts";
import type { Socket, Ws } from "./socket.ts";

// Who takes what they are sent too slowly, second by second.
// slow-readers.test.ts has the same with real sockets.

const megabyte = 1_048_576;

interface Reader {
  ws: Ws;
  bytes: number;
  /** What was done to it, in order. */
  fate: (string | number)[];
}

let backlogs: Backlogs;
let readers: Set<Ws>;
let second: number;

beforeEach(() => {
  backlogs = new Backlogs();
  readers = new Set();
  second = 0;
});

function reader(bytes: number): Reader {
  const fate: Reader["fate"] = [];
  let hasSignals = true;
  const signals = (are: boolean): void => {
    if (are !== hasSignals) fate.push(are ? "signals" : "no signals");
    hasSignals = are;
  };
  const socket: Partial<Socket> = {
    close: ({ code }) => {
      fate.push(code);
      readers.delete(one.ws);
    },
    terminate: () => {
      fate.push("terminated");
      readers.delete(one.ws);
    },
    holdSignals: () => {
      signals(false);
    },
    releaseSignals: () => {
      signals(true);
    },
  };
  const ws = { data: { socket }, getBufferedAmount: () => one.bytes };
  const one: Reader = { ws: ws as unknown as Ws, bytes, fate };
  readers.add(one.ws);
  return one;
}

function look(times = 1): void {
  for (let n = 0; n < times; n += 1) backlogs.look([readers], (second += 1));
}

test("[I7] who is far behind gets no signals until they have caught up", () => {
  const one = reader(farBehindBytes);
  look();
  expect(one.fate).toEqual(["no signals"]);
  one.bytes -= 1;
  look();
  expect(one.fate).toEqual(["no signals", "signals"]);
  expect(backlogs.slow).toBe(0);
});

test("[I7] who caught up for a moment, between two looks, and is far behind again gets none again", () => {
  const one = reader(farBehindBytes);
  look();
  // As a drain does it.
  one.ws.data.socket.releaseSignals();
  look();
  expect(one.fate).toEqual(["no signals", "signals", "no signals"]);
});

test("[P14] ten seconds without progress are the end, and any progress begins them anew", () => {
  const [stuck, moving] = [reader(300_000), reader(900_000)];
  for (let n = 0; n < 30; n += 1) {
    look();
    if (n === 9) expect(stuck.fate).toEqual(["no signals"]);
    if (n % 9 === 0) moving.bytes -= 1_000;
  }
  expect(stuck.fate).toEqual(["no signals", 4108]);
  expect(moving.fate).toEqual(["no signals"]);
});

test("[P14] [L-4] beyond 64 MB in all the deepest go, one by one, and nobody else", () => {
  const shallow = Array.from({ length: 60 }, () => reader(megabyte / 2));
  const deep = Array.from({ length: 37 }, (_, n) => reader(megabyte - n));
  look();
  // 30 MB of the one kind, 37 of the other.
  expect(deep.map(({ fate }) => fate.includes("terminated"))).toEqual(
    deep.map((_, n) => n < 3),
  );
  for (const { fate } of shallow) expect(fate).toEqual(["no signals"]);
  look();
  expect(readers.size).toBe(94);
});

test("[P14] 64 MB in all are nobody's end", () => {
  const all = Array.from({ length: 64 }, () => reader(megabyte));
  look();
  for (const { fate } of all) expect(fate).toEqual(["no signals"]);
});

test("[L-4] who is gone is not remembered", () => {
  const one = reader(megabyte);
  look();
  backlogs.forget(one.ws);
  expect(backlogs.slow).toBe(0);
});

test("[I7] the topics of signals are left and taken up again, the events stay", async () => {
  const world = new SmallWorld();
  world.post(5);
  const socket = world.connect(5, { others: { inbox: 0 } });
  await settle();
  const before = [...socket.topics].sort();
  expect(before).toContain(`g:${room}`);
  socket.fallBehind();
  expect(socket.topics).not.toContain(`g:${room}`);
  expect(socket.topics).toContain(`s:${room}`);
  world.post();
  world.flush();
  expect(socket.numbers.seqs).toEqual([6]);
  socket.drain();
  expect([...socket.topics].sort()).toEqual(before);
});

test("[A-1] who is taken out of a room while they are behind gets no signals of it afterwards", async () => {
  const world = new SmallWorld();
  world.post(5);
  const socket = world.connect(5);
  await settle();
  socket.fallBehind();
  world.remove();
  world.flush();
  socket.drain();
  expect(socket.topics.size).toBe(0);
});
