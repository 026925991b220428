import { expect, test } from "bun:test";
import { initialsOf } from "./initials.ts";

const cases: [string, string, string][] = [
  ["two words", "Ada Lovelace", "AL"],
  ["the first and the last of many", "Ada King Countess of Lovelace", "AL"],
  ["one word", "Plato", "P"],
  ["small letters", "bell hooks", "BH"],
  ["letters with marks, typed in two ways", "e\u0301mile z\u030cižek", "ÉŽ"],
  ["Cyrillic", "Лев Толстой", "ЛТ"],
  ["Greek", "σωκράτης", "Σ"],
  ["Han: one character stands for the name", "山田太郎", "山"],
  ["Han with spaces", "毛 泽东", "毛"],
  ["hiragana with its mark in a code point of its own", "か\u3099くせい", "が"],
  ["katakana", "ガンダム", "ガ"],
  ["hangul", "김 철수", "김"],
  ["hangul in its parts", "\u1100\u1161\u11a8", "각"],
  ["a family of emoji is one sign", "👨‍👩‍👧‍👦 fam", "👨‍👩‍👧‍👦"],
  ["a flag is one sign", "🇨🇳 China", "🇨🇳"],
  ["an emoji with its skin", "👍🏽 ok", "👍🏽"],
  ["a Latin name before a Han one", "Ada 山田", "A"],
  ["a Latin name before an emoji", "Ada 😀", "A"],
  ["Thai, a letter with its vowel", "กิตติ", "กิ"],
  ["numbers", "7 of 9", "79"],
  ["spaces all round", "  Ada   Lovelace ", "AL"],
  ["nothing", "", ""],
];
for (const [what, name, initials] of cases) {
  test(`initials of ${what}: ${name} → ${initials}`, () => {
    expect(initialsOf(name)).toBe(initials);
  });
}
