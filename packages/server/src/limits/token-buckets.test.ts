import { describe, expect, test } from "bun:test";
import { TokenBuckets } from "./token-buckets.ts";

const twoPerSecond = { perSecond: 2, burst: 5 };

describe("a token bucket", () => {
  test("lets a burst through at once, then says how long to wait", () => {
    const buckets = new TokenBuckets(twoPerSecond);
    const delays = Array.from({ length: 7 }, () => buckets.take("ann", 1_000));
    expect(delays).toEqual([0, 0, 0, 0, 0, 500, 500]);
  });

  test("who waits as long as was said gets through, at any rate", () => {
    for (const perSecond of [0.1, 0.17, 1 / 3, 1, 3, 7, 50]) {
      const buckets = new TokenBuckets({ perSecond, burst: 2 });
      let now = 12_345.678;
      for (let round = 0; round < 200; round += 1) {
        const waitMs = buckets.take("ann", now);
        if (waitMs === 0) continue;
        expect(buckets.take("ann", now + waitMs - 2)).toBeGreaterThan(0);
        now += waitMs;
        expect(buckets.take("ann", now)).toBe(0);
      }
    }
  });

  test("asking in vain costs nothing: being refused does not put off the next success", () => {
    const buckets = new TokenBuckets(twoPerSecond);
    for (let taken = 0; taken < 5; taken += 1) buckets.take("ann", 0);
    for (let now = 1; now < 500; now += 1) {
      expect(buckets.take("ann", now)).toBeGreaterThan(0);
    }
    expect(buckets.take("ann", 500)).toBe(0);
  });

  test("never holds more than its burst, however long nobody asked", () => {
    const buckets = new TokenBuckets(twoPerSecond);
    buckets.take("ann", 0);
    const later = 3_600_000;
    const delays = Array.from({ length: 6 }, () => buckets.take("ann", later));
    expect(delays).toEqual([0, 0, 0, 0, 0, 500]);
  });

  test("one key's use takes nothing from another's", () => {
    const buckets = new TokenBuckets({ perSecond: 1, burst: 1 });
    expect(buckets.take("ann", 0)).toBe(0);
    expect(buckets.take("ann", 0)).toBe(1_000);
    expect(buckets.take("ben", 0)).toBe(0);
  });

  test("[L-4] keys nobody uses are forgotten, those still short of tokens are not", () => {
    const buckets = new TokenBuckets({ perSecond: 1, burst: 10 });
    for (let key = 0; key < 1_000; key += 1) buckets.take(`${key}`, 0);
    for (let taken = 0; taken < 10; taken += 1) buckets.take("ann", 9_000);
    expect(buckets.size).toBe(1_001);
    expect(buckets.take("ann", 10_000)).toBe(0);
    expect(buckets.size).toBe(1);
    expect(buckets.take("ann", 10_000)).toBe(1_000);
  });
});

test("a token that is given back can be taken again, and never makes more than a burst", () => {
  const buckets = new TokenBuckets({ perSecond: 1, burst: 1 });
  expect(buckets.take("a", 0)).toBe(0);
  expect(buckets.take("a", 0)).toBe(1_000);
  buckets.giveBack("a");
  buckets.giveBack("a");
  buckets.giveBack("nobody");
  expect(buckets.take("a", 0)).toBe(0);
  expect(buckets.take("a", 0)).toBe(1_000);
});
