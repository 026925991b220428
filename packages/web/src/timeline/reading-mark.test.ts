import { describe, expect, test } from "bun:test";
import { readableSeqs, ReadingMark } from "./reading-mark.ts";

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

describe("what is in view", () => {
  const view = { top: 1_000, bottom: 1_400 };

  /** Rows of 100 px each, the first at the top of what is scrolled. */
  function readable(seqs: readonly (number | null)[]): number[] {
    const rows = seqs.map((seq, index) => ({
      seq,
      edges: () => ({ top: index * 100, bottom: index * 100 + 100 }),
    }));
    return readableSeqs(rows, view).sort((one, other) => one - other);
  }

  test("counts when its lower edge is there", () => {
    const all = Array.from({ length: 30 }, (_, index) => index + 1);
    expect(readable(all)).toEqual([10, 11, 12, 13, 14]);
  });

  test("does not count below a hole, so that the mark passes over nothing", () => {
    const above = Array.from({ length: 12 }, (_, index) => index + 1);
    expect(readable([...above, null, 50, 51, 52])).toEqual([10, 11, 12]);
  });

  test("counts where the hole is out of view", () => {
    const many = Array.from({ length: 20 }, (_, index) => index + 50);
    expect(readable([1, null, ...many])).toEqual([57, 58, 59, 60, 61]);
    expect(readable([...many, null, 90])).toEqual([59, 60, 61, 62, 63]);
  });
});
