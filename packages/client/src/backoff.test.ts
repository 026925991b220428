import { expect, test } from "bun:test";
import { busyBackoff, delayMs, reconnectBackoff } from "./backoff.ts";

test("[P13] a wait lies between the minimum and a ceiling that doubles up to the maximum", () => {
  const ceilings = [0, 1, 2, 3, 4, 5, 6, 1_000].map((failures) =>
    delayMs(reconnectBackoff, failures, 1),
  );
  expect(ceilings).toEqual([
    1_000, 2_000, 4_000, 8_000, 12_000, 12_000, 12_000, 12_000,
  ]);
  expect(delayMs(reconnectBackoff, 9, 0)).toBe(500);
  expect(delayMs(busyBackoff, 0, 0)).toBe(5_000);
  expect(delayMs(busyBackoff, 9, 1)).toBe(60_000);
});
