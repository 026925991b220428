import { describe, expect, test } from "bun:test";
import {
  normalizeName,
  objectionToEmail,
  objectionToName,
  objectionToRoomName,
} from "./names.ts";

describe("a name as it is stored", () => {
  test("has no white space at its ends and single spaces inside", () => {
    expect(normalizeName("  Ada \t\n Lovelace\u3000")).toBe("Ada Lovelace");
  });

  test("[U18] is composed: é and か with their marks are one name however they were typed", () => {
    expect(normalizeName("Ame\u0301lie")).toBe("Am\u00e9lie");
    expect(normalizeName("か\u3099")).toBe("が");
    expect(normalizeName("각")).toBe("각".normalize("NFC"));
  });

  test("is otherwise what was typed: width and case stay", () => {
    expect(normalizeName("ＡＢＣ iPhone")).toBe("ＡＢＣ iPhone");
  });
});

describe("a person's name", () => {
  const fine = [
    "Ann",
    "山田太郎",
    "Łukasz O'Neill-Smith",
    "😀",
    "👨‍👩‍👧‍👦 fam",
    "🏳️‍🌈",
    "👍🏽 ok",
    "❤️",
    "นภา",
    "__proto__",
    "toString",
    "<b>Ann</b>",
    "x".repeat(64),
    "😀".repeat(64),
  ];
  for (const name of fine) {
    test(`may be ${name.slice(0, 30)} (${[...name].length} code points)`, () => {
      expect(objectionToName(name)).toBeUndefined();
    });
  }

  const refused: [string, string, string][] = [
    ["empty", "", "invalid_name"],
    ["65 code points", "x".repeat(65), "invalid_name"],
    ["[U16] a Hangul filler", "\u3164", "invalid_characters"],
    ["[T20] a Hangul choseong filler", "a\u115f", "invalid_characters"],
    ["[T20] a Braille blank", "\u2800", "invalid_characters"],
    ["[T20] a soft hyphen inside", "Ad\u00admin", "invalid_characters"],
    [
      "[T20] a zero-width space behind a known name",
      "Admin\u200b",
      "invalid_characters",
    ],
    ["[T20] a joiner between letters", "Ad\u200dmin", "invalid_characters"],
    [
      "[U16] a variation selector behind a letter",
      "Admin\ufe0f",
      "invalid_characters",
    ],
    [
      "[U16] another variation selector behind a letter",
      "Admin\ufe00",
      "invalid_characters",
    ],
    [
      "[U16] a variation selector of the supplement",
      "Admin\u{e0100}",
      "invalid_characters",
    ],
    ["[U16] a variation selector alone", "\ufe0f", "invalid_characters"],
    ["[U16] tag characters", "Ann\u{e0041}", "invalid_characters"],
    ["[T20] an invisible musical sign", "Ann\u{1d173}", "invalid_characters"],
    ["[U16] a Mongolian vowel separator", "Ann\u180e", "invalid_characters"],
    [
      "[T19] [U11] a right-to-left override",
      "user\u202egnp.exe",
      "invalid_characters",
    ],
    ["[T19] an isolate", "\u2066Ann", "invalid_characters"],
    ["[U11] an Arabic letter mark", "Ann\u061c", "invalid_characters"],
    ["[U11] a left-to-right mark", "Ann\u200e", "invalid_characters"],
    ["[T55] a line break", "a\nb", "invalid_characters"],
    ["NUL", "a\u0000", "invalid_characters"],
    ["[U22] an escape sequence", "\u001b[31m", "invalid_characters"],
    ["C1", "a\u0085b", "invalid_characters"],
    ["a line separator", "a\u2028b", "invalid_characters"],
    [
      "[T21] nine marks on one letter",
      `a${"\u0301".repeat(9)}`,
      "invalid_characters",
    ],
    ["[T23] half a character", "a\ud800", "invalid_text"],
  ];
  for (const [what, name, code] of refused) {
    test(`${what} is ${code}`, () => {
      expect(objectionToName(name)).toBe(code as never);
    });
  }
});

test("a room's name may have 80 code points, and obeys the same rules", () => {
  expect(objectionToRoomName("设".repeat(80))).toBeUndefined();
  expect(objectionToRoomName("设".repeat(81))).toBe("invalid_name");
  expect(objectionToRoomName("a\u202eb")).toBe("invalid_characters");
});

describe("an e-mail address", () => {
  const fine = [
    "ann@example.org",
    "a@b",
    "ann+tag@sub.example.org",
    "änn@例え.jp",
    "o'neill".replace("'", "’") + "@example.org",
    `${"x".repeat(242)}@example.org`,
  ];
  for (const email of fine) {
    test(`may be ${email.slice(0, 40)} (${email.length} characters)`, () => {
      expect(objectionToEmail(email)).toBeUndefined();
    });
  }

  const refused = [
    "",
    "ann",
    "@example.org",
    "ann@",
    "a@b@c",
    "a b@c",
    '"ann lee"@example.org',
    "<ann@example.org>",
    "Ann <ann@example.org>",
    "a@b,c@d",
    "ann@example.org\r\nBcc: eve@example.org",
    "ann@exam\u0000ple.org",
    "ann\ud800@example.org",
    `${"x".repeat(243)}@example.org`,
    `${"x".repeat(10_000)}@example.org`,
    "a".repeat(5_000) + "@".repeat(5_000),
  ];
  for (const email of refused) {
    test(`[Q10] ${JSON.stringify(email.slice(0, 40))} is invalid_email`, () => {
      expect(objectionToEmail(email)).toBe("invalid_email");
    });
  }
});
