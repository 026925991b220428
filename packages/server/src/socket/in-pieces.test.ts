import { expect, test } from "bun:test";
import { limits } from "@parley/protocol";
import { inPieces } from "./in-pieces.ts";

test("what fits into one portion is one, in order", () => {
  expect(inPieces(["a", "b", "c"])).toEqual([["a", "b", "c"]]);
  expect(inPieces([])).toEqual([]);
});

test("[P14] more is cut between two objects, and nothing is lost", () => {
  const texts = Array.from({ length: 100 }, (_, n) => `${n}`.padEnd(10_000));
  const pieces = inPieces(texts);
  expect(pieces.flat()).toEqual(texts);
  for (const piece of pieces) {
    expect(piece.join("").length).toBeLessThanOrEqual(limits.frameBytes);
    expect(piece.length).toBeGreaterThan(0);
  }
  expect(pieces.length).toBe(17);
});

test("one that is larger than a portion goes alone", () => {
  const huge = "x".repeat(2 * limits.frameBytes);
  expect(inPieces(["a", huge, "b"])).toEqual([["a"], [huge], ["b"]]);
});
