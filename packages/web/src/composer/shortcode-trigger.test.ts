import { describe, expect, test } from "bun:test";
import { findShortcodeTrigger } from "./shortcode-trigger.ts";

function queryOf(text: string): string | undefined {
  return findShortcodeTrigger(text, text.length)?.query;
}

describe("a colon opens the list of emoji", () => {
  test.each([
    [":wa", "wa"],
    ["hello :wav", "wav"],
    ["(:sm", "sm"],
    ["：wa", "wa"],
    ["你好:wa", "wa"],
    ["です：wa", "wa"],
    ["요:Wa", "wa"],
    ["👋:wa", "wa"],
    [":thumbs_u", "thumbs_u"],
  ])("in %p for %p", (text, query) => {
    expect(queryOf(text)).toBe(query);
  });

  test.each([
    ":w",
    "注意：重要",
    "12:30",
    "12:ab",
    "a:bc",
    "https://a",
    ":wave:",
    ":wave: ",
    ": wa",
    "::",
    `:${"a".repeat(60)}`,
  ])("but not in %p", (text) => {
    expect(queryOf(text)).toBeUndefined();
  });

  test("only what stands before the caret counts", () => {
    expect(findShortcodeTrigger("a :wave b", 5)).toEqual({
      start: 2,
      query: "wa",
    });
  });
});
