import { cid } from "@parley/protocol/catalog";
import { expect, test } from "bun:test";
import { makeCid, nextCid } from "./cid.ts";
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

test("[D-3] the cid of a next try is the same in every tab, another than before, and still a UUID 7", () => {
  const env = browserEnv();
  const first = "01926e4a-7c3b-7d2e-9f10-ffffffffffff";
  const second = nextCid(env, first);
  expect(second).toBe("01926e4a-7c3b-7d2e-9f10-000000000000");
  expect(nextCid(env, second)).toBe("01926e4a-7c3b-7d2e-9f10-000000000001");
  expect(cid.safeParse(second).success).toBe(true);
  // What an older page has kept may have been anything.
  expect(cid.safeParse(nextCid(env, "m1")).success).toBe(true);
});
