import { afterEach, beforeEach, describe, expect, jest, test } from "bun:test";
import {
  FeedUnderTest,
  wait,
  nobodyComesBack,
} from "../testing/feed-under-test.ts";
import { StreamFeed } from "./stream-feed.ts";

// How a feed reads what is missing: from a store that fails, keeps silent or
// knows less than was told.

let under: FeedUnderTest;

beforeEach(() => {
  jest.useFakeTimers();
  under = new FeedUnderTest();
});
afterEach(() => {
  jest.useRealTimers();
});

describe("a store that does not answer", () => {
  beforeEach(() => {
    under.isBroken = true;
  });

  test("[S-1] does not make a hole forgotten: it is asked again, and told of once", async () => {
    under.feed.hear(under.run(5, 5));
    for (let n = 0; n < 100; n += 1) await wait(100);
    // Ever more seldom, up to once a second.
    expect(under.reads.length).toBeWithin(9, 16);
    expect(under.errors).toHaveLength(1);
    expect(under.delivered).toEqual([]);
    under.isBroken = false;
    for (let n = 0; n < 10; n += 1) await wait(100);
    under.feed.flush();
    expect(under.delivered).toEqual([1, 2, 3, 4, 5]);
  });

  test("[L-1] is said to who wants to reach a number; what comes later is handed on", async () => {
    const outcome = under.feed.reach(5).catch(String);
    expect(await outcome).toContain("the store is restarting");
    under.feed.hear(under.run(1, 2));
    under.feed.flush();
    expect(under.delivered).toEqual([1, 2]);
  });

  test("is not asked more often because a full hold is knocking", async () => {
    for (let seq = 2; seq <= 1_000; seq += 1) {
      under.feed.hear(under.run(seq, seq));
      if (seq % 50 === 0) await wait(1);
    }
    expect(under.reads.length).toBeLessThan(4);
  });

  test("is not asked for a feed that is closed", async () => {
    under.feed.hear(under.run(5, 5));
    await wait(100);
    expect(under.reads.length).toBe(1);
    under.feed.close();
    under.feed.hear(under.run(1, 1));
    under.isBroken = false;
    for (let n = 0; n < 100; n += 1) await wait(100);
    expect(under.reads.length).toBe(1);
    expect(under.delivered).toEqual([]);
  });
});

test("[L-1] a store that keeps silent leaves nobody waiting who wants to reach a number", async () => {
  const silent = new StreamFeed(under.stream, 0, {
    ...nobodyComesBack,
    deliver: () => undefined,
    read: () => new Promise(() => undefined),
    onError: () => undefined,
  });
  const outcomes = [silent.reach(5), silent.reach(7)].map((one) =>
    one.catch((error: unknown) => error),
  );
  for (let n = 0; n < 50; n += 1) await wait(100);
  for (const one of await Promise.all(outcomes)) {
    expect(one).toMatchObject({ code: "unavailable", retryable: true });
  }
});

test("[S-1] to reach a number means that number, also while a read with a lower aim is under way", async () => {
  const answers: (() => void)[] = [];
  const slow = new StreamFeed(under.stream, 0, {
    ...nobodyComesBack,
    deliver: () => undefined,
    read: (_, { after, upTo }) =>
      new Promise((resolve) => {
        answers.push(() => {
          resolve(under.run(after + 1, upTo));
        });
      }),
    onError: () => undefined,
  });
  void slow.reach(3);
  let isThere = false;
  const higher = slow.reach(9).then(() => (isThere = true));
  answers.shift()?.();
  await wait(0);
  expect([slow.last, isThere]).toEqual([3, false]);
  answers.shift()?.();
  await higher;
  expect(slow.last).toBe(9);
});

test("a head that is a lie costs one read, and what is true beside it is not forgotten", async () => {
  under.stored = 3;
  await under.feed.reach(1_000_000);
  expect(under.feed.last).toBe(3);
  expect(under.reads).toHaveLength(2);
  await wait(10_000);
  expect(under.reads).toHaveLength(2);
  // While the lie is being looked into, something true comes too early.
  const looking = under.feed.reach(1_000_000);
  under.stored = 6;
  under.hear(6);
  await looking;
  await wait(100);
  under.expectAll(6);
  await wait(10_000);
  expect(under.reads.length).toBeLessThanOrEqual(5);
});
