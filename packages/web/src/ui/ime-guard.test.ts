import { describe, expect, test } from "bun:test";
import { ImeGuard } from "./ime-guard.ts";

const enter = { isComposing: false, keyCode: 13 };
const processed = { isComposing: true, keyCode: 229 };

describe("Enter never sends while an input method composes", () => {
  test("in Chromium, where the key comes before the end of the composition", () => {
    const guard = new ImeGuard();
    expect(guard.takes(processed, 0)).toBe(true);
    guard.compositionEnded(1);
    guard.keyReleased();
    expect(guard.takes(enter, 2)).toBe(false);
  });

  test("in Safari, where the key comes after it, without isComposing", () => {
    const guard = new ImeGuard();
    guard.compositionEnded(0);
    expect(guard.takes({ isComposing: false, keyCode: 229 }, 1)).toBe(true);
    expect(guard.takes(enter, 2)).toBe(true);
    guard.keyReleased();
    expect(guard.takes(enter, 3)).toBe(false);
  });

  test("and a composition that ended without a key is forgotten after 100 ms", () => {
    const guard = new ImeGuard();
    guard.compositionEnded(0);
    expect(guard.takes(enter, 99)).toBe(true);
    expect(guard.takes(enter, 100)).toBe(false);
  });

  test("while a key that only the input method knows is always its own", () => {
    const guard = new ImeGuard();
    expect(guard.takes({ isComposing: false, keyCode: 229 }, 0)).toBe(true);
    expect(guard.takes(enter, 0)).toBe(false);
  });
});
