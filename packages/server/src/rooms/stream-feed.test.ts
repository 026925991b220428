import { afterEach, beforeEach, expect, jest, test } from "bun:test";
import type { CommittedEvent } from "../store/store.ts";
import { committed } from "../testing/committed.ts";
import { StreamFeed } from "./stream-feed.ts";

const stream = "r_room000000";

/** What the store holds: 1 … `stored`. */
let stored: number;
let reads: { after: number; upTo: number }[];
let delivered: number[];
let errors: unknown[];
let feed: StreamFeed;

beforeEach(() => {
  jest.useFakeTimers();
  stored = 100;
  reads = [];
  delivered = [];
  errors = [];
  feed = new StreamFeed(stream, 0, {
    deliver: (_, events) => {
      delivered.push(...events.map(({ seq }) => seq));
    },
    read: (_, range) => {
      reads.push(range);
      return Promise.resolve(
        run(range.after + 1, Math.min(range.upTo, stored)),
      );
    },
    onError: (error) => errors.push(error),
  });
});
afterEach(() => {
  jest.useRealTimers();
});

function run(from: number, to: number): CommittedEvent[] {
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, index) =>
    committed(stream, from + index),
  );
}

function hear(...seqs: number[]): void {
  feed.hear(seqs.map((seq) => committed(stream, seq)));
}

/** Time passes, and what is then read is there. */
async function wait(ms: number): Promise<void> {
  jest.advanceTimersByTime(ms);
  for (let n = 0; n < 10; n += 1) await Promise.resolve();
  jest.advanceTimersByTime(20);
}

function expectAll(last: number): void {
  feed.flush();
  expect(delivered).toEqual(Array.from({ length: last }, (_, n) => n + 1));
  expect(feed.last).toBe(last);
}

test("[O-1] what comes in order is handed on in order, without asking the store", async () => {
  hear(1);
  hear(2, 3);
  hear(4);
  await wait(1_000);
  expectAll(4);
  expect(reads).toEqual([]);
});

test("[V-1] what was heard before is dropped", async () => {
  hear(1, 2);
  hear(2);
  hear(1, 2, 3);
  await wait(1_000);
  expectAll(3);
  expect(reads).toEqual([]);
});

test("[S-1] a hole is not passed over: what is above it waits and is read", async () => {
  hear(1);
  hear(4);
  feed.flush();
  expect(delivered).toEqual([1]);
  await wait(100);
  expectAll(4);
  expect(reads).toEqual([{ after: 1, upTo: 4 }]);
});

test("an inversion that mends itself within 75 ms needs no read", async () => {
  hear(2);
  hear(1);
  hear(2);
  await wait(100);
  expectAll(2);
  expect(reads).toEqual([]);
});

test("holes, repeats and inversions all at once come out as 1, 2, 3 …", async () => {
  hear(3, 1, 1);
  hear(7);
  hear(5, 2);
  await wait(100);
  hear(7, 8, 6);
  await wait(100);
  expectAll(8);
});

test("while one read is on its way, no other is begun", async () => {
  hear(50);
  await wait(100);
  void feed.reach(60);
  void feed.reach(70);
  hear(90);
  await wait(100);
  await wait(100);
  expect(feed.last).toBe(90);
  const spans = reads.map(({ after, upTo }) => [after, upTo]);
  expect(spans[0]).toEqual([0, 50]);
  expect(reads.length).toBeLessThanOrEqual(3);
});

test("what was never committed is not waited for", async () => {
  stored = 3;
  await feed.reach(9);
  expect(feed.last).toBe(3);
  hear(4);
  await wait(1_000);
  expectAll(4);
});

test("a read that fails is told, and what comes later is handed on", async () => {
  const broken = new StreamFeed(stream, 0, {
    deliver: (_, events) => delivered.push(...events.map(({ seq }) => seq)),
    read: () => Promise.reject(new Error("the disk is gone")),
    onError: (error) => errors.push(error),
  });
  await broken.reach(5);
  expect(errors).toHaveLength(1);
  broken.hear(run(1, 2));
  broken.flush();
  expect(delivered).toEqual([1, 2]);
});

test("the newest 256 events are at hand for who comes late, one more is not", () => {
  feed.hear(run(1, 300));
  expect(feed.covers(300)).toBe(true);
  expect(feed.after(300)).toEqual([]);
  expect(feed.covers(44)).toBe(true);
  expect(feed.after(44).map(({ seq }) => seq)).toEqual(
    Array.from({ length: 256 }, (_, n) => 45 + n),
  );
  expect(feed.covers(43)).toBe(false);
  expect(feed.covers(301)).toBe(false);
});

test("of long events only as many are kept as fit into 64 KiB", () => {
  const long = "😀".repeat(5_000);
  feed.hear(
    Array.from({ length: 10 }, (_, n) =>
      committed(stream, n + 1, { text: long }),
    ),
  );
  expect(feed.covers(7)).toBe(true);
  expect(feed.covers(6)).toBe(false);
});

test("a feed that opens in the middle has nothing at hand but what comes", () => {
  const late = new StreamFeed(stream, 10, {
    deliver: () => undefined,
    read: () => Promise.resolve([]),
    onError: () => undefined,
  });
  expect(late.covers(10)).toBe(true);
  expect(late.covers(9)).toBe(false);
  late.hear(run(11, 12));
  expect(late.covers(10)).toBe(true);
  expect(late.covers(9)).toBe(false);
});

test("under load events are gathered, and a removal waits for nobody", async () => {
  hear(1);
  hear(2);
  hear(3);
  expect(delivered).toEqual([1]);
  await wait(20);
  expect(delivered).toEqual([1, 2, 3]);
  hear(4);
  feed.hear([
    committed(stream, 5, { type: "member.left", person: "u_gone000000" }),
  ]);
  expect(delivered).toEqual([1, 2, 3, 4, 5]);
});
