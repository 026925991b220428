import { describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import path from "node:path";
import { skeleton, skeletons } from "./skeleton.ts";

/** Whether a newcomer of this name would be taken for who has that one. */
function looksLike(newcomer: string, known: string): boolean {
  return skeletons(newcomer).includes(skeleton(known));
}

describe("[T20] [T22] two names look alike", () => {
  const pairs: [string, string, string][] = [
    ["in another case", "ADMIN", "admin"],
    ["in full width", "ＡＤＭＩＮ", "admin"],
    ["with a Cyrillic а", "аdmin", "admin"],
    ["all in Cyrillic", "сосо", "coco"],
    ["with rn for m", "adrnin", "admin"],
    ["with a Kelvin sign", "\u212aelvin", "kelvin"],
    ["with a zero for O", "R0B0T", "robot"],
    ["with a one for l", "he1en", "helen"],
    ["with a capital I for l", "PaypaI", "Paypal"],
    ["with a bar for l", "he|en", "helen"],
    ["with ß for ss", "Straße", "STRASSE"],
    ["with a final sigma", "ΣΊΣΥΦΟΣ", "Σίσυφος"],
    ["decomposed", "Ame\u0301lie", "Am\u00e9lie"],
    ["with a ligature", "ﬁnn", "finn"],
    ["with a mathematical letter", "𝒜nn", "ann"],
    ["with a circled letter", "ⓐnn", "ann"],
    ["with an emoji in its other look", "Ann \u2764\ufe0f", "Ann \u2764"],
    ["with a Greek omicron", "bοb", "bob"],
    ["with a dotless i", "adm\u0131n", "admin"],
    ["with another apostrophe", "O\u2019Neill", "O'Neill"],
  ];
  for (const [what, newcomer, known] of pairs) {
    test(`${what}: ${newcomer} and ${known}`, () => {
      expect(looksLike(newcomer, known)).toBe(true);
    });
  }
});

describe("two names are two", () => {
  const pairs: [string, string][] = [
    ["Ann", "Anna"],
    ["José", "Jose"],
    ["Müller", "Muller"],
    ["ぱ", "は"],
    ["李", "季"],
    ["Kai", "Kal"],
    ["Иван", "Иванов"],
    ["Ann 1", "Ann 2"],
    ["😀", "😃"],
    ["ann", "a nn"],
  ];
  for (const [one, other] of pairs) {
    test(`${one} and ${other}`, () => {
      expect(looksLike(one, other)).toBe(false);
      expect(looksLike(other, one)).toBe(false);
    });
  }
});

test("a skeleton is its own skeleton, for every character that looks like another", () => {
  const file = path.join(import.meta.dir, "confusables.txt");
  const list = readFileSync(file, "utf8").split("\n\n")[1] ?? "";
  const characters = [...new Set(list.replaceAll(/\s/g, ""))];
  expect(characters.length).toBeGreaterThan(3_000);
  const unsteady = characters.filter(
    (one) => skeleton(skeleton(one)) !== skeleton(one),
  );
  expect(unsteady).toEqual([]);
});

test("[T22] a name that grows eighteenfold takes less than a millisecond", () => {
  const name = "\ufdfa".repeat(64);
  skeletons(name);
  const begun = performance.now();
  for (let index = 0; index < 20; index += 1) skeletons(name);
  expect((performance.now() - begun) / 20).toBeLessThan(5);
});
