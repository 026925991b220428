import { expect, test } from "bun:test";
import { readConfig } from "../config.ts";
import { FloodGuard } from "./flood-guard.ts";

const config = readConfig({
  PARLEY_FRAME_RATE: "20/s burst 50",
  PARLEY_CONTROL_RATE: "10/s burst 20",
});

function many(count: number, act: () => string): string[] {
  return Array.from({ length: count }, act);
}

test("a burst is fine, what comes beyond it is too fast, ten seconds' worth of that is abuse", () => {
  const guard = new FloodGuard(config, 0);
  expect(new Set(many(50, () => guard.object(0)))).toEqual(new Set(["fine"]));
  expect(new Set(many(200, () => guard.object(0)))).toEqual(
    new Set(["too-fast"]),
  );
  expect(guard.object(0)).toBe("abuse");
});

test("[T48] who waits as long as they are told is welcome again", () => {
  const guard = new FloodGuard(config, 0);
  many(60, () => guard.object(0));
  const { waitMs } = guard;
  expect(waitMs).toBe(550);
  expect(guard.object(waitMs)).toBe("fine");
  expect(guard.object(waitMs)).toBe("too-fast");
});

test("the rate can be kept up for ever", () => {
  const guard = new FloodGuard(config, 0);
  for (let second = 1; second <= 100; second += 1) {
    const verdicts = many(20, () => guard.object(second * 1000));
    expect(verdicts).not.toContain("too-fast");
  }
});

test("silence saves up one burst, and no more", () => {
  const guard = new FloodGuard(config, 0);
  many(50, () => guard.object(0));
  const verdicts = many(51, () => guard.object(3_600_000));
  expect(verdicts.filter((one) => one === "fine")).toHaveLength(50);
});

test("[T45] pings and pongs have a bucket of their own, and no patience", () => {
  const guard = new FloodGuard(config, 0);
  expect(many(20, () => guard.control(0))).not.toContain("abuse");
  expect(guard.control(0)).toBe("abuse");
  expect(guard.object(0)).toBe("fine");
});

test("PARLEY_LIMITS=off stops counting", () => {
  const guard = new FloodGuard(readConfig({ PARLEY_LIMITS: "off" }), 0);
  expect(many(1_000, () => guard.object(0))).not.toContain("too-fast");
  expect(many(1_000, () => guard.control(0))).not.toContain("abuse");
});
