import { describe, expect, test } from "bun:test";
import type { Done, Seen } from "../../e2e/screens/seen.ts";
import { inOrder } from "./tab-file.ts";

function record(n: number, life = "1"): Seen {
  return { t: n, life, n, k: "returned" };
}

const closed: Done = { t: 9, k: "done", is: "closed" };

describe("the records of a tab", () => {
  test("what a page tells a second time is there once", () => {
    const told = [record(0), record(1), record(0), record(1), record(2)];
    expect(inOrder(told)).toEqual([record(0), record(1), record(2)]);
  });

  test("what was lost in the moment of leaving has its place when it is told again", () => {
    const [zero, one, two, three] = [0, 1, 2, 3].map((n) => record(n));
    expect(inOrder([zero!, two!, zero!, one!, two!, three!, closed])).toEqual([
      ...[zero!, one!, two!, three!],
      closed,
    ]);
  });

  test("each document counts its own", () => {
    const told = [record(0), record(1), closed, record(0, "2")];
    expect(inOrder(told)).toEqual(told);
  });

  test("a record that is missing for good is an error, since rows are told by what changed", () => {
    expect(() => inOrder([record(0), record(2)])).toThrow("was lost");
  });
});
