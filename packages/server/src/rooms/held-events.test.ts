import { expect, test } from "bun:test";
import { committed } from "../testing/committed.ts";
import { encode, type EncodedEvent } from "./encoded-event.ts";
import { HeldEvents } from "./held-events.ts";

function event(seq: number, text = "hi"): EncodedEvent {
  return encode(committed("r_room000000", seq, { text }));
}

test("what is held is taken once, by its number", () => {
  const held = new HeldEvents();
  held.add(event(5));
  held.add(event(5, "again"));
  expect(held.take(4)).toBeUndefined();
  expect(held.take(5)?.text).toContain('"hi"');
  expect([held.take(5), held.size]).toEqual([undefined, 0]);
});

test("the highest number that is missing is found below a run of those that are here", () => {
  const held = new HeldEvents();
  for (const seq of [3, 6, 7]) held.add(event(seq));
  expect([8, 7, 6, 5, 3].map((seq) => held.highestMissing(seq))).toEqual([
    8, 5, 5, 5, 2,
  ]);
});

test("[L-4] 256 events or 256 KiB are kept, and there is room again for what is taken or came otherwise", () => {
  const many = new HeldEvents();
  for (let seq = 1; seq <= 256; seq += 1) many.add(event(seq));
  expect(many.isFull).toBe(false);
  many.add(event(257));
  expect([many.isFull, many.size]).toEqual([true, 256]);
  many.forgetUpTo(200);
  expect([many.isFull, many.size]).toEqual([false, 56]);

  const large = new HeldEvents();
  const text = "😀".repeat(10_000);
  for (let seq = 1; seq <= 7; seq += 1) large.add(event(seq, text));
  expect([large.isFull, large.size]).toEqual([true, 6]);
  large.take(1);
  large.add(event(7, text));
  expect([large.isFull, large.size]).toEqual([false, 6]);
});
