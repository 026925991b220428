import { describe, expect, test } from "bun:test";
import { cid, personId, roomId, seq, sessionId, streamId } from "./ids.ts";

const good = "01926e4a-7c3b-7d2e-9f10-5a6b7c8d9e0f";

describe("a cid", () => {
  test("[J12] is a UUID of version 7 in lower case", () => {
    expect(cid.safeParse(good).success).toBe(true);
  });

  const refused = [
    "",
    "x",
    good.toUpperCase(),
    good.replace("-7d2e", "-4d2e"),
    good.replace("-9f10", "-7f10"),
    good.slice(0, -2),
    `${good}00`,
    `${good}\n`,
    ` ${good}`,
    good.replaceAll("-", ""),
  ];
  for (const text of refused) {
    test(`[J12] ${JSON.stringify(text)} is invalid_cid`, () => {
      const { error } = cid.safeParse(text);
      expect(error?.issues[0]?.message).toBe("invalid_cid");
    });
  }
});

describe("a seq", () => {
  test("is 0 or a whole number that is exact", () => {
    for (const value of [0, 1, 2 ** 53 - 1]) {
      expect(seq.safeParse(value).success).toBe(true);
    }
  });

  for (const value of [-1, 0.5, -0, Infinity, NaN, 2 ** 53, "12", null]) {
    test(`[J10] [J11] ${Object.is(value, -0) ? "-0" : String(value)} (${typeof value}) is none`, () => {
      expect(seq.safeParse(value).success).toBe(false);
    });
  }
});

test("ids can stand in a topic, a path or a log line as they are", () => {
  const odd = [
    "",
    "r_",
    "r_abcdefg/..",
    "r_abcdefg\n",
    "r_abc def",
    "r_１２３４５６",
    `r_${"x".repeat(33)}`,
    "inbox:u_77aQ0cXw2L",
    "Inbox",
    "__proto__",
  ];
  for (const id of odd) {
    expect(streamId.safeParse(id).success).toBe(false);
    expect(roomId.safeParse(id).success).toBe(false);
    expect(personId.safeParse(id.replace("r_", "u_")).success).toBe(false);
    expect(sessionId.safeParse(id.replace("r_", "s_")).success).toBe(false);
  }
  expect(streamId.safeParse("inbox").success).toBe(true);
  expect(roomId.safeParse("inbox").success).toBe(false);
  expect(streamId.safeParse("r_8fK2qZ7mQa").success).toBe(true);
  expect(personId.safeParse("u_8fK2qZ7mQa").success).toBe(true);
  expect(sessionId.safeParse("s_5f0c9a72e1b84d36").success).toBe(true);
});
