import { describe, expect, test } from "bun:test";
import { readSettings } from "./settings.ts";

const defaults = {
  theme: "system",
  language: undefined,
  sendKey: "enter",
  showsDetails: true,
};

describe("settings kept on this device", () => {
  test("come back as they were", () => {
    const kept = {
      theme: "dark",
      language: "zh",
      sendKey: "mod-enter",
      showsDetails: false,
    };
    expect(readSettings(JSON.stringify(kept))).toEqual(kept as never);
  });

  test.each([undefined, "", "not json", "null", "[]", '"dark"', "{}"])(
    "are the defaults when %p was kept",
    (kept) => {
      expect(readSettings(kept)).toEqual(defaults as never);
    },
  );

  test("keep what is understood of another version's", () => {
    const kept = '{"theme":"sepia","sendKey":"mod-enter","__proto__":{}}';
    expect(readSettings(kept)).toEqual({
      ...defaults,
      sendKey: "mod-enter",
    } as never);
  });
});
