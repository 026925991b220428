import { describe, expect, test } from "bun:test";
import english from "emoji-picker-element-data/en/emojibase/data.json";
import chinese from "emoji-picker-element-data/zh/emojibase/data.json";
import { fittingShortcode, makeEmojiBook, searchEmoji } from "./emoji-book.ts";

const book = makeEmojiBook(english, chinese);

function found(query: string): string[] {
  return searchEmoji(book, query, 8).map(({ character }) => character);
}

describe("emoji are found", () => {
  test("by their shortcode, the exact one first", () => {
    expect(found("wave")[0]).toBe("👋");
    expect(found(":tada:")[0]).toBe("🎉");
    expect(found("+1")[0]).toBe("👍️");
  });

  test("by the beginning of a shortcode", () => {
    expect(found("roc")).toContain("🚀");
    const rocket = book.byShortcode.get("rocket");
    if (rocket === undefined) throw new Error("There is no rocket.");
    expect(fittingShortcode(rocket, "roc")).toBe("rocket");
  });

  test("by a word in either language", () => {
    expect(found("火箭")[0]).toBe("🚀");
    expect(found("happy")).not.toBeEmpty();
  });

  test("and not by what has no meaning, nor by what objects inherit", () => {
    expect(found("")).toEqual([]);
    expect(found("zzzzqq")).toEqual([]);
    expect(book.byShortcode.get("__proto__")).toBeUndefined();
    expect(book.byShortcode.get("constructor")).toBeUndefined();
  });
});

test("skin tones alone and emoji too new for most systems are left out", () => {
  const characters = book.emoji.map(({ character }) => character);
  expect(characters).not.toContain("🏻");
  expect(characters.length).toBeGreaterThan(1_800);
});
