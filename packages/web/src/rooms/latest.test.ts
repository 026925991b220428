import type { RoomState } from "@parley/client";
import { afterEach, expect, jest, test } from "bun:test";
import { effectScope, nextTick, shallowRef } from "vue";
import { useLatest } from "./latest.ts";

const values = new Map<string, string>();
const storage = {
  getItem: (key: string) => values.get(key) ?? null,
  setItem: (key: string, value: string) => void values.set(key, value),
};

afterEach(() => {
  jest.useRealTimers();
  Reflect.deleteProperty(globalThis, "localStorage");
  values.clear();
});

function room(head: number): RoomState {
  const timeline = { messages: [{ at: head }] };
  return { stream: "r_1", head, timeline } as unknown as RoomState;
}

test("when something came in a room is kept on the device; not once its person has left, who is forgotten there", async () => {
  Object.assign(globalThis, { localStorage: storage });
  jest.useFakeTimers();
  const rooms = shallowRef([room(1)]);
  const scope = effectScope();
  const latestOf = scope.run(() => useLatest("u_1", () => rooms.value));
  rooms.value = [room(2)];
  await nextTick();
  expect(latestOf?.("r_1")).toBe(2);
  jest.advanceTimersByTime(5_000);
  expect([...values]).toEqual([["parley.latest.u_1", '[["r_1",2]]']]);
  rooms.value = [room(3)];
  await nextTick();
  values.clear();
  scope.stop();
  jest.advanceTimersByTime(60_000);
  expect([...values]).toEqual([]);
});
