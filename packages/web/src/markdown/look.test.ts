import { describe, expect, test } from "bun:test";
import { hasShortcode, isLong, isOnlyEmoji, scriptLanguage } from "./look.ts";
import { parseMarkdown } from "./parse.ts";

const emojiOf = (code: string) => (code === "wave" ? "👋" : undefined);

describe("emoji are drawn large", () => {
  test.each(["👋", "👋 🎉", ":wave:", "👋 :wave:"])("in %p", (text) => {
    expect(isOnlyEmoji(parseMarkdown(text), emojiOf)).toBe(true);
  });

  test.each(["hi 👋", ":unknown:", "**👋**", "> 👋", "👋\n\n👋", "1"])(
    "but not in %p",
    (text) => {
      expect(isOnlyEmoji(parseMarkdown(text), emojiOf)).toBe(false);
    },
  );
});

test("the names of emoji are fetched only where one is written", () => {
  const needs = (text: string) => hasShortcode(parseMarkdown(text));
  expect(needs("a :wave: b")).toBe(true);
  expect(needs("- > **:wave:**")).toBe(true);
  expect(needs("at 12:30, `:wave:`\n```\n:wave:\n```")).toBe(false);
});

test("very long messages are folded", () => {
  expect(isLong("a")).toBe(false);
  expect(isLong("x\n".repeat(31))).toBe(false);
  expect(isLong("x\n".repeat(32))).toBe(true);
  expect(isLong("x".repeat(3_001))).toBe(true);
});

test("kana is Japanese, hangul is Korean, Han alone is the reader's", () => {
  expect(scriptLanguage("東京タワー")).toBe("ja");
  expect(scriptLanguage("안녕하세요")).toBe("ko");
  expect(scriptLanguage("上海")).toBeUndefined();
});
