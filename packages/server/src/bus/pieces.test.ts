import { expect, test } from "bun:test";
import { cutIntoPieces } from "./pieces.ts";

const items = (count: number, length: number): string[] =>
  Array.from({ length: count }, (_, n) =>
    JSON.stringify(`${"x".repeat(length)}${n}`),
  );

test("items travel together up to 64,000 bytes, in order, each once", () => {
  const all = items(1_000, 300);
  const { pieces, unfit } = cutIntoPieces(all, 262_144);
  expect(unfit).toEqual([]);
  expect(pieces.length).toBe(5);
  const sizes = pieces.map((piece) => Buffer.byteLength(piece));
  expect(Math.max(...sizes)).toBeLessThanOrEqual(64_000);
  const joined = pieces.flatMap((piece) => JSON.parse(piece) as string[]);
  expect(joined.map((item) => JSON.stringify(item))).toEqual(all);
});

test("one that is larger travels alone, and one that is too large not at all", () => {
  const all = [...items(1, 10), ...items(1, 100_000), ...items(1, 300_000)];
  const { pieces, unfit } = cutIntoPieces([...all, '"last"'], 262_144);
  expect(pieces).toEqual([`[${all[0]!}]`, `[${all[1]!}]`, '["last"]']);
  expect(unfit).toEqual([2]);
});

test("a NATS with a small limit gets small pieces; bytes count, not characters", () => {
  const all = Array.from({ length: 100 }, () => '"长长长"');
  const { pieces, unfit } = cutIntoPieces(all, 40);
  expect(unfit).toEqual([]);
  for (const piece of pieces) {
    expect(Buffer.byteLength(piece)).toBeLessThanOrEqual(40);
  }
  expect(pieces.flatMap((piece) => JSON.parse(piece) as string[])).toHaveLength(
    100,
  );
  expect(cutIntoPieces(['"长长长"'], 13)).toEqual({ pieces: [], unfit: [0] });
  expect(cutIntoPieces(['"长长长"'], 14).unfit).toEqual([]);
  expect(cutIntoPieces([], 40)).toEqual({ pieces: [], unfit: [] });
});
