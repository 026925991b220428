import { cid } from "@parley/protocol/catalog";
import { expect, test } from "bun:test";
import { makeCid } from "./cid.ts";
import { browserEnv } from "./env.ts";

test("a cid is what the protocol asks for: UUID 7, lower case, never the same", () => {
  const env = browserEnv();
  const made = Array.from({ length: 1_000 }, () => makeCid(env));
  for (const one of made) expect(cid.safeParse(one).success).toBe(true);
  expect(new Set(made).size).toBe(1_000);
});

test("its first 48 bits are the time", () => {
  const env = { ...browserEnv(), now: () => 0x0192_6e4a_7c3b };
  expect(makeCid(env)).toStartWith("01926e4a-7c3b-7");
});
