import { describe, expect, test } from "bun:test";
import { ReadingMark } from "./reading-mark.ts";

describe("[U5] a message is read", () => {
  test("when it has been in view for 500 ms", () => {
    const mark = new ReadingMark();
    mark.see([4, 5], 0);
    expect(mark.readUpTo(499)).toBe(0);
    expect(mark.readUpTo(500)).toBe(5);
  });

  test("not when it only passed by", () => {
    const mark = new ReadingMark();
    mark.see([4, 5], 0);
    mark.see([5, 6], 300);
    mark.see([6, 7], 450);
    expect(mark.readUpTo(700)).toBe(0);
    expect(mark.readUpTo(800)).toBe(6);
  });

  test("and looking away begins the time anew", () => {
    const mark = new ReadingMark();
    mark.see([4], 0);
    mark.lookAway();
    mark.see([4], 400);
    expect(mark.readUpTo(600)).toBe(0);
    expect(mark.readUpTo(900)).toBe(4);
  });
});
