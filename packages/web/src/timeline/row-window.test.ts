import { describe, expect, test } from "bun:test";
import type { Message } from "@parley/client";
import {
  boundedWindow,
  newerWindow,
  newestWindow,
  olderWindow,
  rowsMax,
  sliceOf,
  windowAround,
} from "./row-window.ts";

/** Every second number is a message; the others are joins and leaves. */
function messages(count: number, from = 1): Message[] {
  return Array.from({ length: count }, (_, index) => ({
    seq: from + index * 2,
    at: 0,
    by: "ann",
    cid: `c${from + index * 2}`,
    text: "",
  }));
}

describe("[S8] the page holds at most a few hundred rows", () => {
  test("however far one goes back, and comes again", () => {
    const all = messages(2_000);
    let current = newestWindow(all);
    expect(sliceOf(all, current).end).toBe(2_000);
    for (let step = 0; step < 40; step += 1) {
      const before = sliceOf(all, current);
      current = olderWindow(all, current);
      const after = sliceOf(all, current);
      expect(after.end - after.start).toBeLessThanOrEqual(rowsMax);
      expect(after.start).toBe(Math.max(0, before.start - 80));
      // What was at the top of the screen is still drawn.
      expect(after.end).toBeGreaterThan(before.start);
    }
    expect(sliceOf(all, current).start).toBe(0);
    for (let step = 0; step < 40; step += 1)
      current = newerWindow(all, current);
    expect(current.toSeq).toBeNull();
    expect(sliceOf(all, current)).toEqual({ start: 1_700, end: 2_000 });
  });

  test("while thousands arrive and one watches the bottom", () => {
    const before = messages(100);
    const current = newestWindow(before);
    const after = messages(5_000);
    const bounded = boundedWindow(after, current, "bottom");
    expect(sliceOf(after, bounded)).toEqual({ start: 4_780, end: 5_000 });
    expect(bounded.toSeq).toBeNull();
  });

  test("and while one reads above, where nothing may move", () => {
    const before = messages(100);
    const current = newestWindow(before);
    const after = messages(5_000);
    const bounded = boundedWindow(after, current, 41);
    const start = sliceOf(before, current).start;
    expect(sliceOf(after, bounded)).toEqual({ start, end: start + rowsMax });
  });
});

test("[S8] what is being read stays drawn while a hole above it is filled", () => {
  const old = messages(250);
  const late = messages(200, 2_001);
  let current = { fromSeq: 1, toSeq: 2_099 };
  const reading = 2_041;
  for (let pages = 1; pages <= 6; pages += 1) {
    const filled = messages(50 * pages, 2_001 - 100 * pages);
    const all = [...old, ...filled, ...late];
    current = { ...boundedWindow(all, current, reading), toSeq: 2_099 };
    const bounded = boundedWindow(all, current, reading);
    const { start, end } = sliceOf(all, bounded);
    const drawn = all.slice(start, end).map(({ seq }) => seq);
    expect(drawn.length).toBeLessThanOrEqual(rowsMax);
    expect(drawn).toContain(reading);
    expect(drawn).toContain(reading - 40);
    expect(drawn).toContain(reading + 40);
  }
});

test("older pages that come in front do not move the window", () => {
  const late = messages(100, 1_001);
  const current = newestWindow(late);
  const all = [...messages(500), ...late];
  const { start, end } = sliceOf(all, current);
  expect(all.slice(start, end)).toEqual(late.slice(20));
});

test("a window whose messages were all replaced begins anew at the newest", () => {
  const current = { fromSeq: 1, toSeq: 99 };
  const all = messages(200, 1_001);
  expect(boundedWindow(all, current, 1)).toEqual(newestWindow(all));
});

test("a window of an empty room takes in whatever comes", () => {
  const current = newestWindow([]);
  expect(sliceOf(messages(3), current)).toEqual({ start: 0, end: 3 });
});

test("a window around a message has a step on both sides of it", () => {
  const all = messages(1_000);
  const current = windowAround(all, 1_001);
  expect(sliceOf(all, current)).toEqual({ start: 420, end: 580 });
});
