import { afterEach, beforeEach, describe, expect, jest, test } from "bun:test";
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

describe("where it is asked who could say it", () => {
  const turn = async (): Promise<void> => {
    for (let step = 0; step < 5; step += 1) await Promise.resolve();
  };
  const a = { stream: room, person: "u_a" };
  const b = { stream: room, person: "u_b" };

  test("one question is asked for all, and who could not is not told", async () => {
    const asked: unknown[] = [];
    const bus = new MemoryBus();
    bus.onSignal((stream, signal) => {
      told.push({ stream, by: (signal as { by: string[] }).by });
    });
    const asking = new Typing(bus, (speakers) => {
      asked.push(speakers);
      return Promise.resolve([b]);
    });
    asking.hear(room, "u_a");
    asking.hear(room, "u_b");
    jest.advanceTimersByTime(500);
    await turn();
    expect(asked).toEqual([[a, b]]);
    expect(told).toEqual([{ stream: room, by: ["u_b"] }]);
    jest.advanceTimersByTime(10_000);
    expect([asked.length, asking.size]).toEqual([1, 0]);
  });

  test("[S-4] what a slow store took is no longer told, and nothing when it took too long", async () => {
    const ttls: number[] = [];
    const bus = new MemoryBus();
    bus.onSignal((_stream, signal) => {
      ttls.push((signal as { ttlMs: number }).ttlMs);
    });
    for (const storeMs of [0, 1_050, 5_500]) {
      let answer = (): void => undefined;
      const asking = new Typing(bus, () => {
        return new Promise((resolve) => {
          answer = () => {
            resolve([a]);
          };
        });
      });
      asking.hear(room, "u_a");
      jest.advanceTimersByTime(500);
      jest.advanceTimersByTime(storeMs);
      answer();
      await turn();
    }
    expect(ttls).toEqual([5_500, 4_500]);
  });

  test("[A-3] who is taken out, or says it, while the store is asked is not told; nobody is when it does not answer", async () => {
    let answer: ((speakers: { stream: string; person: string }[]) => void)[] =
      [];
    const bus = new MemoryBus();
    bus.onSignal((stream, signal) => {
      told.push({ stream, by: (signal as { by: string[] }).by });
    });
    let isThere = true;
    const asking = new Typing(bus, () =>
      isThere
        ? new Promise((resolve) => (answer = [...answer, resolve]))
        : Promise.reject(new Error("the store is away")),
    );
    asking.hear(room, "u_a");
    asking.hear(room, "u_b");
    jest.advanceTimersByTime(500);
    const left = committed(room, 1, { type: "member.left", person: "u_a" });
    asking.ended(room, [encode(left)]);
    answer[0]?.([a, b]);
    await turn();
    expect(told).toEqual([{ stream: room, by: ["u_b"] }]);
    isThere = false;
    asking.hear(room, "u_c");
    jest.advanceTimersByTime(500);
    await turn();
    expect(told).toHaveLength(1);
    jest.advanceTimersByTime(10_000);
    expect(asking.size).toBe(0);
  });
});
