import { expect, test } from "bun:test";
import { median, short, withSpread } from "./figures.ts";

test("the median of an odd number of rounds is the middle one", () => {
  expect(median([9, 1, 5])).toBe(5);
});

test("the median of an even number of rounds lies between the middle two", () => {
  expect(median([4, 1, 3, 100])).toBe(3.5);
});

test("numbers keep three digits whatever their size", () => {
  expect([0.2934, 5.18, 12.04, 240.4].map(short)).toEqual([
    "0.29",
    "5.18",
    "12.0",
    "240",
  ]);
  expect(short(124_300)).toBe("124 k");
  expect(short(999_600)).toBe("1.00 M");
  expect(short(3_150_000)).toBe("3.15 M");
});

test("several rounds show their spread, one does not", () => {
  expect(withSpread([2, 1, 4])).toBe("2.00 (1.00–4.00)");
  expect(withSpread([2])).toBe("2.00");
  expect(withSpread([])).toBe("–");
});
