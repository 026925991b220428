import { expect, test } from "bun:test";
import { busContract } from "./bus.contract.ts";
import { MemoryBus } from "./memory-bus.ts";

busContract("in memory", () => Promise.resolve(new MemoryBus()));

test("a bus in memory hears everybody when it is alone, and says so when it is not", () => {
  expect(new MemoryBus().isHearing).toBe(true);
  expect(new MemoryBus({ isAlone: false }).isHearing).toBe(false);
});
