import { describe, expect, test } from "bun:test";
import { en } from "./en.ts";
import { chinese } from "./zh.ts";

// The compiler has made sure of the keys; this is about what it cannot see.

test("[N2] every text is there in both languages, and none is empty", () => {
  expect(Object.keys(chinese.texts).sort()).toEqual(Object.keys(en).sort());
  for (const texts of [en, chinese.texts]) {
    for (const [key, text] of Object.entries(texts)) {
      if (typeof text === "string") expect(text, key).not.toBe("");
    }
  }
});

test("texts with values say them in both languages", () => {
  for (const [key, text] of Object.entries(en)) {
    if (typeof text === "string") continue;
    const other = chinese.texts[key as keyof typeof en];
    const values = ["7", "8"].slice(0, text.length);
    for (const say of [text, other] as ((...given: string[]) => string)[]) {
      for (const value of values) expect(say(...values), key).toContain(value);
    }
  }
});

describe("Chinese texts", () => {
  test("are Chinese", () => {
    for (const [key, text] of Object.entries(chinese.texts)) {
      if (typeof text === "string")
        expect(text, key).toMatch(/\p{Script=Han}|ping/u);
    }
  });

  test("use the full-width punctuation of Chinese", () => {
    const all = [
      ...Object.values(chinese.texts),
      ...Object.values(chinese.errors),
    ];
    for (const text of all) {
      if (typeof text !== "string") continue;
      expect(text).not.toMatch(/\p{Script=Han}[,;!?]/u);
    }
  });
});
