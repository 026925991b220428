import { describe, expect, test } from "bun:test";
import { enAdmin } from "./en-admin.ts";
import { enConnection } from "./en-connection.ts";
import { enMore } from "./en-more.ts";
import { en as enFirst } from "./en.ts";
import { chineseAdmin } from "./zh-admin.ts";
import { chineseConnection } from "./zh-connection.ts";
import { chineseMore } from "./zh-more.ts";
import { chinese as chineseFirst } from "./zh.ts";

const en = { ...enFirst, ...enMore, ...enConnection, ...enAdmin };
const chinese = {
  ...chineseFirst,
  texts: {
    ...chineseFirst.texts,
    ...chineseMore,
    ...chineseConnection,
    ...chineseAdmin,
  },
};

// The compiler has made sure of the keys; this is about what it cannot see.

test("[N2] every text is there in both languages, and none is empty", () => {
  expect(Object.keys(chinese.texts).sort()).toEqual(Object.keys(en).sort());
  for (const texts of [en, chinese.texts]) {
    for (const [key, text] of Object.entries(texts)) {
      if (typeof text === "string") expect(text, key).not.toBe("");
    }
  }
});

test("no two parts of the texts have a name in common", () => {
  const parts = [enFirst, enMore, enConnection, enAdmin].map((part) =>
    Object.keys(part),
  );
  expect(new Set(parts.flat()).size).toBe(parts.flat().length);
});

test("texts with values say them in both languages", () => {
  for (const [key, text] of Object.entries(en)) {
    if (typeof text === "string") continue;
    const other = chinese.texts[key as keyof typeof en];
    const values = ["7", "8", "9"].slice(0, text.length);
    for (const say of [text, other] as ((...given: string[]) => string)[]) {
      for (const value of values) expect(say(...values), key).toContain(value);
    }
  }
});

describe("Chinese texts", () => {
  test("are Chinese", () => {
    for (const [key, text] of Object.entries(chinese.texts)) {
      // What stands between the names of a list is no word.
      if (typeof text !== "string" || key === "listComma") continue;
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
