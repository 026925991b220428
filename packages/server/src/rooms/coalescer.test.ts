import { afterEach, beforeEach, expect, jest, test } from "bun:test";
import { committed } from "../testing/committed.ts";
import { Coalescer, frameEveryMs } from "./coalescer.ts";
import type { EncodedEvent } from "./encoded-event.ts";

let frames: number[][];
let coalescer: Coalescer;

beforeEach(() => {
  jest.useFakeTimers();
  frames = [];
  coalescer = new Coalescer((events) => {
    frames.push(events.map(({ seq }) => seq));
  });
});
afterEach(() => {
  jest.useRealTimers();
});

function add(...seqs: number[]): void {
  coalescer.add(
    seqs.map((seq): EncodedEvent => ({
      seq,
      text: "",
      bytes: 0,
      by: "u_author0000",
      removes: undefined,
      deletes: undefined,
      committed: committed("r_room000000", seq),
    })),
  );
}

test("a quiet room never waits", () => {
  add(1);
  jest.advanceTimersByTime(frameEveryMs);
  add(2);
  jest.advanceTimersByTime(1_000);
  add(3);
  expect(frames).toEqual([[1], [2], [3]]);
});

test("[O-1] under load there is a frame every few milliseconds, and all is in it, in order", () => {
  for (let seq = 1; seq <= 100; seq += 1) {
    add(seq);
    jest.advanceTimersByTime(1);
  }
  jest.advanceTimersByTime(frameEveryMs);
  expect(frames.flat()).toEqual(Array.from({ length: 100 }, (_, n) => n + 1));
  expect(frames.length).toBeLessThanOrEqual(100 / frameEveryMs + 2);
});

test("[S-1] a flush sends what waits at once, and nothing a second time", () => {
  add(1);
  add(2, 3);
  coalescer.flush();
  expect(frames).toEqual([[1], [2, 3]]);
  coalescer.flush();
  jest.advanceTimersByTime(1_000);
  expect(frames).toEqual([[1], [2, 3]]);
});
