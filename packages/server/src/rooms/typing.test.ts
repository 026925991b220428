import { afterEach, beforeEach, expect, jest, test } from "bun:test";
import { limits } from "@parley/protocol";
import { MemoryBus } from "../bus/memory-bus.ts";
import { committed } from "../testing/committed.ts";
import { encode } from "./encoded-event.ts";
import { Typing } from "./typing.ts";

const room = "r_room000000";
const other = "r_other00000";

let told: { stream: string; by: string[] }[];
let typing: Typing;

beforeEach(() => {
  jest.useFakeTimers();
  told = [];
  const bus = new MemoryBus();
  bus.onSignal((stream, signal) => {
    const { by, ttlMs } = signal as { by: string[]; ttlMs: number };
    // With the half second in which it was gathered.
    expect(ttlMs).toBe(limits.typingMs - 500);
    told.push({ stream, by });
  });
  typing = new Typing(bus);
});
afterEach(() => {
  jest.useRealTimers();
});

test("who types within half a second is told together, room by room", () => {
  typing.hear(room, "u_a");
  typing.hear(other, "u_c");
  jest.advanceTimersByTime(400);
  typing.hear(room, "u_b");
  expect(told).toEqual([]);
  jest.advanceTimersByTime(100);
  expect(told).toEqual([
    { stream: room, by: ["u_a", "u_b"] },
    { stream: other, by: ["u_c"] },
  ]);
});

test("one person in one room is told once in three seconds at most", () => {
  for (let n = 0; n < 20; n += 1) {
    typing.hear(room, "u_a");
    jest.advanceTimersByTime(100);
  }
  expect(told).toHaveLength(1);
  jest.advanceTimersByTime(1_000);
  typing.hear(room, "u_a");
  jest.advanceTimersByTime(500);
  expect(told).toHaveLength(2);
});

test("who has just said something is not told as typing it", () => {
  typing.hear(room, "u_a");
  typing.hear(room, "u_b");
  const event = committed(room, 1, { by: "u_a" });
  typing.ended(room, [
    {
      seq: 1,
      text: "",
      bytes: 0,
      by: "u_a",
      removes: undefined,
      deletes: undefined,
      committed: event,
    },
  ]);
  jest.advanceTimersByTime(500);
  expect(told).toEqual([{ stream: room, by: ["u_b"] }]);
});

test("[A-3] who was taken out of the room is not told as typing in it", () => {
  typing.hear(room, "u_a");
  typing.hear(room, "u_b");
  const event = committed(room, 1, { type: "member.left", person: "u_a" });
  typing.ended(room, [encode(event)]);
  jest.advanceTimersByTime(500);
  expect(told).toEqual([{ stream: room, by: ["u_b"] }]);
});

test("[S-4] who goes silent is not told again", () => {
  typing.hear(room, "u_a");
  jest.advanceTimersByTime(60_000);
  expect(told).toHaveLength(1);
});

test("[L-4] nothing is remembered of who has stopped", () => {
  typing.hear(room, "u_a");
  jest.advanceTimersByTime(2_000);
  typing.hear(room, "u_b");
  jest.advanceTimersByTime(6_000);
  expect(typing.size).toBe(0);
});
