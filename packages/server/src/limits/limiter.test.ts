import { expect, test } from "bun:test";
import { ParleyError } from "@parley/protocol";
import { readConfig } from "../config.ts";
import { Limiter } from "./limiter.ts";

test("what is too fast throws rate_limited with the milliseconds to wait", () => {
  const limiter = new Limiter(
    readConfig({ PARLEY_MESSAGE_RATE: "1/s burst 1" }),
  );
  limiter.check("messageRate", "u_ann");
  let thrown: unknown;
  try {
    limiter.check("messageRate", "u_ann");
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toBeInstanceOf(ParleyError);
  const { code, retryable, retryAfterMs } = thrown as ParleyError;
  expect(code).toBe("rate_limited");
  expect(retryable).toBe(true);
  expect(retryAfterMs).toBeWithin(1, 1_001);
});

test("each action is counted by itself", () => {
  const limiter = new Limiter(
    readConfig({ PARLEY_MESSAGE_RATE: "1/s burst 1" }),
  );
  limiter.check("messageRate", "u_ann");
  limiter.check("roomMessageRate", "u_ann");
  expect(limiter.delayMs("messageRate", "u_ann")).toBeGreaterThan(0);
});

test("PARLEY_LIMITS=off lifts every rate", () => {
  const limiter = new Limiter(
    readConfig({ PARLEY_LIMITS: "off", PARLEY_JOIN_RATE: "1/h burst 1" }),
  );
  for (let join = 0; join < 100; join += 1) {
    expect(limiter.delayMs("joinRate", "127.0.0.1")).toBe(0);
  }
});
