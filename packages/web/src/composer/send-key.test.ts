import { expect, test } from "bun:test";
import { meaningOfEnter } from "./send-key.ts";

const plain = { hasShift: false, hasCommand: false, hasAlt: false };
const withShift = { ...plain, hasShift: true };
const withCommand = { ...plain, hasCommand: true };

test("[D8] Enter sends and Shift+Enter breaks the line", () => {
  expect(meaningOfEnter(plain, "enter", false)).toBe("send");
  expect(meaningOfEnter(withShift, "enter", false)).toBe("break");
});

test("[D8] or, by a setting, Ctrl or ⌘ with Enter sends and Enter breaks", () => {
  expect(meaningOfEnter(plain, "mod-enter", false)).toBe("break");
  expect(meaningOfEnter(withCommand, "mod-enter", false)).toBe("send");
  expect(meaningOfEnter(withShift, "mod-enter", false)).toBe("break");
});

test("on a screen that is only touched, Enter breaks the line", () => {
  expect(meaningOfEnter(plain, "enter", true)).toBe("break");
});
