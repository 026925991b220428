import { afterEach, beforeEach, expect, jest, test } from "bun:test";
import { MemoryBus } from "../bus/memory-bus.ts";
import { Typing } from "./typing.ts";

const room = "r_room000000";
const hourMs = 3_600_000;

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

test("[S-4] [P18] a wall clock that is set back or ahead keeps nobody from being told as typing, nor in memory", () => {
  const told: unknown[] = [];
  const bus = new MemoryBus();
  bus.onSignal((_stream, signal) => told.push(signal));
  const typing = new Typing(bus);
  const realNow = Date.now;
  try {
    for (const offset of [0, -2 * hourMs, 24 * hourMs]) {
      typing.hear(room, "u_a");
      jest.advanceTimersByTime(1_000);
      Date.now = () => realNow() + offset;
      typing.hear(room, "u_a");
      jest.advanceTimersByTime(2_000);
    }
  } finally {
    Date.now = realNow;
  }
  expect(told).toHaveLength(3);
  jest.advanceTimersByTime(10_000);
  expect(typing.size).toBe(0);
});
