import { describe, expect, test } from "bun:test";
import { ParleyError } from "@parley/protocol";
import { Guesses } from "./guesses.ts";

const hour = 3_600_000;

/** The wait that a guess at this moment is told of; 0: it may be made. */
function wait(guesses: Guesses, key: string, now: number): number {
  try {
    guesses.begin(key, now);
    return 0;
  } catch (error) {
    if (!(error instanceof ParleyError)) throw error;
    expect(error.code).toBe("rate_limited");
    return error.retryAfterMs ?? 0;
  }
}

describe("[T36] who guesses a password", () => {
  test("has five tries, then waits a second, and twice as long after each, up to 15 minutes", () => {
    const guesses = new Guesses({ limits: true });
    for (let index = 0; index < 5; index += 1) {
      expect(wait(guesses, "ann", 0)).toBe(0);
    }
    let now = 0;
    const waits: number[] = [];
    for (let index = 0; index < 14; index += 1) {
      const ms = wait(guesses, "ann", now);
      waits.push(ms / 1_000);
      expect(wait(guesses, "ann", now + ms - 1)).toBe(1);
      now += ms;
      expect(wait(guesses, "ann", now)).toBe(0);
    }
    expect(waits).toEqual([
      ...[1, 2, 4, 8, 16, 32, 64, 128, 256, 512],
      ...[900, 900, 900, 900],
    ]);
  });

  test("waits from the moment at which the last one was found wrong, however long that took", () => {
    const guesses = new Guesses({ limits: true });
    for (let index = 0; index < 4; index += 1) guesses.begin("ann", 0);
    guesses.begin("ann", 0).wrong(5_000);
    expect(wait(guesses, "ann", 5_000)).toBe(1_000);
    expect(wait(guesses, "ann", 6_000)).toBe(0);
  });

  test("does not wait longer by asking too early", () => {
    const guesses = new Guesses({ limits: true });
    for (let index = 0; index < 5; index += 1) guesses.begin("ann", 0);
    for (let ms = 0; ms < 1_000; ms += 10) {
      expect(wait(guesses, "ann", ms)).toBe(1_000 - ms);
    }
    expect(wait(guesses, "ann", 1_000)).toBe(0);
  });

  test("has no more tries by making them all at once", () => {
    const guesses = new Guesses({ limits: true });
    const waits = Array.from({ length: 50 }, () => wait(guesses, "ann", 0));
    expect(waits.filter((ms) => ms === 0)).toHaveLength(5);
  });

  test("keeps nobody else waiting", () => {
    const guesses = new Guesses({ limits: true });
    for (let index = 0; index < 5; index += 1) guesses.begin("ann", 0);
    expect(wait(guesses, "ann", 0)).toBe(1_000);
    expect(wait(guesses, "ben", 0)).toBe(0);
  });

  test("begins anew after the right one, and after a day", () => {
    const guesses = new Guesses({ limits: true });
    for (let index = 0; index < 4; index += 1) guesses.begin("ann", 0);
    guesses.begin("ann", 0).right();
    expect(guesses.size).toBe(0);
    for (let index = 0; index < 9; index += 1)
      guesses.begin("ann", index * hour);
    expect(wait(guesses, "ann", 8 * hour)).toBeGreaterThan(0);
    const nextDay = 33 * hour;
    for (let index = 0; index < 5; index += 1) {
      expect(wait(guesses, "ann", nextDay)).toBe(0);
    }
  });

  test("is not blamed for what was not checked", () => {
    const guesses = new Guesses({ limits: true });
    for (let index = 0; index < 100; index += 1)
      guesses.begin("ann", 0).undone();
    expect(wait(guesses, "ann", 0)).toBe(0);
  });
});

test("a million logins that nobody has are not all remembered", () => {
  const guesses = new Guesses({ limits: true });
  for (let index = 0; index < 5; index += 1) guesses.begin("first", 0);
  for (let index = 0; index < 60_000; index += 1) guesses.begin(`${index}`, 0);
  expect(guesses.size).toBe(50_000);
});

test("PARLEY_LIMITS=off: nobody waits", () => {
  const guesses = new Guesses({ limits: false });
  for (let index = 0; index < 50; index += 1) {
    expect(wait(guesses, "ann", 0)).toBe(0);
  }
});
