import { describe, expect, test } from "bun:test";
import { codePoints, longestMarkRun, objectionToText } from "./text.ts";

describe("a message's text", () => {
  const fine: [string, string][] = [
    ["plain text", "hello"],
    ["Chinese, emoji and a shortcode", "你好 😀 :wave:"],
    ["tabs and line feeds inside", "a\tb\n\nc"],
    ["white space around something visible", "  x  \n"],
    [
      "[J15] DEL, C1, noncharacters and line separators",
      "a\u007f\u0085\ufffe\uffff\u2028",
    ],
    [
      "[U11] direction marks (in a message they are isolated by the page)",
      "\u202e x",
    ],
    ["[U14] a family of emoji held together by joiners", "👨‍👩‍👧‍👦"],
    ["[U1] markup", "<script>alert(1)</script>"],
    ["[T11] a word that reaches prototypes elsewhere", "__proto__"],
    ["[J14] 10,000 code points", "x".repeat(10_000)],
    ["[J14] 10,000 emoji, 40,000 bytes", "😀".repeat(10_000)],
    ["1,000 lines", `x${"\n".repeat(999)}`],
    ["32 combining marks on one character", `a${"\u0301".repeat(32)}`],
    ["Thai and Hindi with their marks", "ที่นี่ नमस्ते"],
  ];
  for (const [what, text] of fine) {
    test(`may be ${what}`, () => {
      expect(objectionToText(text)).toBeUndefined();
    });
  }

  const refused: [string, string, string][] = [
    ["[J13] empty", "", "empty_message"],
    ["[J13] spaces", "   ", "empty_message"],
    ["[J13] line feeds", "\n\n", "empty_message"],
    ["[J13] a zero-width space", "\u200b", "empty_message"],
    ["[J13] a byte order mark", "\ufeff", "empty_message"],
    ["[J13] a Hangul filler", "\u3164", "empty_message"],
    ["[J13] a Braille blank", "\u2800", "empty_message"],
    [
      "[U16] hidden text in tag characters",
      "\u{e0041}\u{e0042}",
      "empty_message",
    ],
    ["[J14] 10,001 code points", "x".repeat(10_001), "too_long"],
    ["[J14] 10,001 emoji", "😀".repeat(10_001), "too_long"],
    ["1,001 lines", `x${"\n".repeat(1_000)}`, "too_long"],
    ["[J15] [J17] NUL", "a\u0000b", "invalid_characters"],
    [
      "[J15] [U22] an escape sequence for a terminal",
      "\u001b[2J",
      "invalid_characters",
    ],
    ["[J15] a carriage return", "a\rb", "invalid_characters"],
    [
      "[T21] [U12] 33 combining marks on one character",
      `a${"\u0301".repeat(33)}`,
      "invalid_characters",
    ],
    ["[J16] [T23] half a character", "\ud800", "invalid_text"],
    ["[J16] two halves in the wrong order", "\udc00\ud800", "invalid_text"],
  ];
  for (const [what, text, code] of refused) {
    test(`${what} is ${code}`, () => {
      expect(objectionToText(text)).toBe(code as never);
    });
  }

  test("[T13] the worst text of 64 KiB is judged within 20 ms", () => {
    const worst = [
      "\u0301".repeat(10_000),
      "a\u0301".repeat(5_000),
      "ﷺ".repeat(10_000),
      " ".repeat(10_000),
      "\u{e0020}".repeat(10_000),
      "\n".repeat(10_000),
    ];
    for (const text of worst) {
      // The best of some, because the machine may have more to do than this.
      const times = Array.from({ length: 5 }, () => {
        const start = performance.now();
        objectionToText(text);
        return performance.now() - start;
      });
      expect(Math.min(...times)).toBeLessThan(20);
    }
  });
});

test("code points count an emoji once, and agree with the iterator", () => {
  for (const text of ["", "abc", "😀", "a😀b", "👨‍👩‍👧", "你好"]) {
    expect(codePoints(text)).toBe([...text].length);
  }
});

test("the longest run of marks is counted across scripts, and is 0 without any", () => {
  expect(longestMarkRun("abc 你好")).toBe(0);
  expect(longestMarkRun("e\u0301a\u0301\u0302\u0303b\u0301")).toBe(3);
  expect(longestMarkRun("\u0e01\u0e34\u0e48")).toBe(2);
});
