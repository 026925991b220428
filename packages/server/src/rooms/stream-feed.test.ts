import { afterEach, beforeEach, expect, jest, spyOn, test } from "bun:test";
import { committed } from "../testing/committed.ts";
import {
  FeedUnderTest,
  wait,
  nobodyComesBack,
} from "../testing/feed-under-test.ts";
import { StreamFeed } from "./stream-feed.ts";

let under: FeedUnderTest;

beforeEach(() => {
  jest.useFakeTimers();
  under = new FeedUnderTest();
});
afterEach(() => {
  jest.useRealTimers();
});

test("[O-1] what comes in order is handed on in order, without asking the store", async () => {
  under.hear(1);
  under.hear(2, 3);
  under.hear(4);
  await wait(1_000);
  under.expectAll(4);
  expect(under.reads).toEqual([]);
});

test("[V-1] what was heard before is dropped", async () => {
  under.hear(1, 2);
  under.hear(2);
  under.hear(1, 2, 3);
  await wait(1_000);
  under.expectAll(3);
  expect(under.reads).toEqual([]);
});

test("[S-1] a hole is not passed over: what is above it waits and is read", async () => {
  under.hear(1);
  under.hear(4);
  under.feed.flush();
  expect(under.delivered).toEqual([1]);
  // 74 ms have passed, and then 75.
  await wait(54);
  expect(under.reads).toEqual([]);
  await wait(1);
  under.expectAll(4);
  // Only what is missing: 4 has been held.
  expect(under.reads).toEqual([{ after: 1, upTo: 3 }]);
});

test("[S-1] [O-1] two nodes that write to one room arrive inverted: what came too early follows at once, without a read", async () => {
  for (const seq of [2, 1, 5, 4, 3, 6]) under.hear(seq);
  under.feed.flush();
  expect(under.delivered).toEqual([1, 2, 3, 4, 5, 6]);
  await wait(1_000);
  under.expectAll(6);
  expect(under.reads).toEqual([]);
});

test("[S-1] after the read of a hole what was held above it goes on, also when a part came in the meantime", async () => {
  under.hear(1, 5, 6);
  under.hear(3);
  await wait(40);
  under.hear(2);
  await wait(100);
  under.hear(7);
  under.expectAll(7);
  expect(under.reads).toEqual([{ after: 3, upTo: 4 }]);
});

test("however many events wait for one, one timer does, and one read", async () => {
  const timers = spyOn(globalThis, "setTimeout");
  for (let seq = 2; seq <= 200; seq += 1) under.hear(seq);
  expect(timers).toHaveBeenCalledTimes(1);
  timers.mockRestore();
  await wait(100);
  under.expectAll(200);
  expect(under.reads).toEqual([{ after: 0, upTo: 1 }]);
});

test("in a stream without holes nothing is held and no timer is set", () => {
  const timers = spyOn(globalThis, "setTimeout");
  const inbox = new StreamFeed("inbox:u_ann0000000", 0, {
    ...nobodyComesBack,
    deliver: (_, events) =>
      under.delivered.push(...events.map(({ seq }) => seq)),
    read: () => Promise.reject(new Error("nothing is to be read")),
    onError: (error) => under.errors.push(error),
  });
  for (let seq = 1; seq <= 300; seq += 1) inbox.hear(under.run(seq, seq));
  inbox.hear(under.run(250, 310));
  expect(timers).not.toHaveBeenCalled();
  timers.mockRestore();
  expect(under.delivered).toEqual(
    under.run(1, 310).map(({ event }) => event.seq),
  );
});

test("another hole than the one a timer was set for has its 75 ms as well", async () => {
  under.hear(2);
  await wait(40);
  under.hear(1, 4);
  await wait(40);
  expect(under.reads).toEqual([]);
  under.hear(3);
  await wait(1_000);
  under.expectAll(4);
  expect(under.reads).toEqual([]);
});

test("of what is held no more than 256 events are kept: then the store is read at once", async () => {
  under.stored = 1_000;
  for (let seq = 2; seq <= 257; seq += 1) under.hear(seq);
  expect(under.reads).toEqual([]);
  under.hear(258);
  expect(under.reads).toEqual([{ after: 0, upTo: 258 }]);
  for (let seq = 259; seq <= 600; seq += 1) under.hear(seq);
  await wait(0);
  await wait(100);
  under.expectAll(600);
});

test("nor more than 256 KiB", () => {
  const text = "x".repeat(60_000);
  for (const seq of [2, 3, 4, 5]) {
    under.feed.hear([committed(under.stream, seq, { text })]);
  }
  expect(under.reads).toEqual([]);
  under.feed.hear([committed(under.stream, 6, { text })]);
  expect(under.reads).toEqual([{ after: 0, upTo: 6 }]);
});

test("an inversion that mends itself within 75 ms needs no read", async () => {
  under.hear(2);
  under.hear(1);
  under.hear(2);
  await wait(100);
  under.expectAll(2);
  expect(under.reads).toEqual([]);
});

test("holes, repeats and inversions all at once come out as 1, 2, 3 …", async () => {
  under.hear(3, 1, 1);
  under.hear(7);
  under.hear(5, 2);
  await wait(100);
  under.hear(7, 8, 6);
  await wait(100);
  under.expectAll(8);
});

test("while one read is on its way, no other is begun", async () => {
  under.hear(50);
  await wait(100);
  void under.feed.reach(60);
  void under.feed.reach(70);
  under.hear(90);
  await wait(100);
  await wait(100);
  expect(under.feed.last).toBe(90);
  const spans = under.reads.map(({ after, upTo }) => [after, upTo]);
  expect(spans[0]).toEqual([0, 49]);
  expect(under.reads.length).toBeLessThanOrEqual(3);
});

test("what was never committed is not waited for", async () => {
  under.stored = 3;
  await under.feed.reach(9);
  expect(under.feed.last).toBe(3);
  under.hear(4);
  await wait(1_000);
  under.expectAll(4);
});

test("the newest 256 events are at hand for who comes late, one more is not", () => {
  under.feed.hear(under.run(1, 300));
  expect(under.feed.covers(300)).toBe(true);
  expect(under.feed.after(300)).toEqual([]);
  expect(under.feed.covers(44)).toBe(true);
  expect(under.feed.after(44).map(({ seq }) => seq)).toEqual(
    Array.from({ length: 256 }, (_, n) => 45 + n),
  );
  expect(under.feed.covers(43)).toBe(false);
  expect(under.feed.covers(301)).toBe(false);
});

test("of long events only as many are kept as fit into 64 KiB", () => {
  const long = "😀".repeat(5_000);
  under.feed.hear(
    Array.from({ length: 10 }, (_, n) =>
      committed(under.stream, n + 1, { text: long }),
    ),
  );
  expect(under.feed.covers(7)).toBe(true);
  expect(under.feed.covers(6)).toBe(false);
});

test("a feed that opens in the middle has nothing at hand but what comes", () => {
  const late = new StreamFeed(under.stream, 10, {
    ...nobodyComesBack,
    deliver: () => undefined,
    read: () => Promise.resolve([]),
    onError: () => undefined,
  });
  expect(late.covers(10)).toBe(true);
  expect(late.covers(9)).toBe(false);
  late.hear(under.run(11, 12));
  expect(late.covers(10)).toBe(true);
  expect(late.covers(9)).toBe(false);
});

test("under load events are gathered, and a removal waits for nobody", async () => {
  under.hear(1);
  under.hear(2);
  under.hear(3);
  expect(under.delivered).toEqual([1]);
  await wait(20);
  expect(under.delivered).toEqual([1, 2, 3]);
  under.hear(4);
  under.feed.hear([
    committed(under.stream, 5, { type: "member.left", person: "u_gone000000" }),
  ]);
  expect(under.delivered).toEqual([1, 2, 3, 4, 5]);
});
