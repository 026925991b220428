import { describe, expect, test } from "bun:test";
import { parseRate } from "./rate.ts";

describe("a rate as an operator writes it", () => {
  const fine: [string, number, number][] = [
    ["1/s burst 60", 1, 60],
    ["0.1/s burst 10", 0.1, 10],
    ["30/min burst 10", 0.5, 10],
    ["20/h burst 20", 20 / 3_600, 20],
    ["50/day burst 1", 50 / 86_400, 1],
  ];
  for (const [text, perSecond, burst] of fine) {
    test(`${text} is understood`, () => {
      expect(parseRate(text)).toEqual({ perSecond, burst });
    });
  }

  const wrong = [
    "",
    "1",
    "1/s",
    "burst 60",
    "1/s burst",
    "1/s burst 0",
    "0/s burst 10",
    "-1/s burst 10",
    "1/s burst 1.5",
    "1/week burst 10",
    "1 / s burst 10",
    "1/s  burst 10",
    "1e9/s burst 10",
    "1/s burst 10 ",
    "Infinity/s burst 10",
  ];
  for (const text of wrong) {
    test(`${JSON.stringify(text)} is refused with the form that would do`, () => {
      expect(() => parseRate(text)).toThrow('must look like "2/s burst 20"');
    });
  }
});
