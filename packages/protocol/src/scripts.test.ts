import { describe, expect, test } from "bun:test";
import { objectionToName, objectionToRoomName } from "./names.ts";
import { isOfOneScript } from "./scripts.ts";

describe("[T20] the letters of one name", () => {
  const fine = [
    ["Latin", "Zoë van Dam"],
    ["Cyrillic", "Иван Ёлкин 2"],
    ["Greek", "Ελένη"],
    ["Arabic", "محمد ٣"],
    ["Hebrew", "דוד"],
    ["Devanagari", "नमस्ते"],
    ["Thai", "สมชาย"],
    ["Japanese", "山田 たろう タロー"],
    ["Japanese and Latin", "山田 Taro ー"],
    ["Chinese and Latin", "Ann 李"],
    ["Chinese, its spelling and Latin", "李 ㄌㄧˇ Li"],
    ["Korean and Latin", "김민수 Kim"],
    ["Latin in full width", "ＡＮＮ"],
    ["a script of which few know", "𐌰𐌱𐌲"],
    ["digits and signs only", "1337 <3"],
    ["emoji only", "👨‍👩‍👧‍👦"],
    ["any script and emoji", "Иван 🏳️‍🌈"],
  ] as const;
  for (const [what, name] of fine) {
    test(`may be ${what}: ${name}`, () => {
      expect(objectionToName(name)).toBeUndefined();
    });
  }

  const mixed = [
    ["a Cyrillic А before Latin", "Аnn"],
    ["a Latin a in Cyrillic", "Ивaн"],
    ["a Greek omega before Latin", "ωmega"],
    ["a Cherokee letter in Latin", "Ꭺdmin"],
    ["an Armenian letter in Latin", "օwner"],
    ["Cyrillic and Han", "Иван 李"],
    ["Hangul and kana", "한かな"],
    ["bopomofo and kana", "ㄅか"],
    ["three that are never together", "aаα"],
  ] as const;
  for (const [what, name] of mixed) {
    test(`may not be ${what}: ${name} is invalid_characters`, () => {
      expect(objectionToName(name)).toBe("invalid_characters");
      // The same name of one script would be fine.
      expect(objectionToName(name.slice(0, 1))).toBeUndefined();
    });
  }

  test("may be of any in a room's name: nobody speaks in its name", () => {
    expect(objectionToRoomName("Привет Berlin")).toBeUndefined();
  });
});

test("judging 64 characters takes less than a millisecond, also where every script is tried", () => {
  const name = "ωa".repeat(32);
  isOfOneScript(name);
  const begun = performance.now();
  for (let index = 0; index < 100; index += 1) isOfOneScript(name);
  expect((performance.now() - begun) / 100).toBeLessThan(1);
});
