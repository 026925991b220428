import { expect, test } from "bun:test";
import { countOnlyEmoji } from "./emoji-only.ts";

test.each([
  ["👋", 1],
  ["👋 🎉\n", 2],
  ["👨‍👩‍👧‍👦", 1],
  ["🇯🇵🇨🇳", 2],
  ["👍🏽", 1],
  ["❤️", 1],
])("%p is %p emoji and nothing else", (text, count) => {
  expect(countOnlyEmoji(text)).toBe(count);
});

test.each(["", " ", "hi 👋", "1", "#", "👋".repeat(9), "👋".repeat(5_000)])(
  "%p is text",
  (text) => {
    expect(countOnlyEmoji(text)).toBeUndefined();
  },
);
