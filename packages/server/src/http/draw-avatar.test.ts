import { expect, test } from "bun:test";
import { newPersonId } from "../identifiers.ts";
import { drawAvatar } from "./draw-avatar.ts";

/** WCAG 2's contrast of white on hsl(hue 45% 33%). */
function contrastOfWhite(hue: number): number {
  const lightness = 0.33;
  const spread = 0.45 * Math.min(lightness, 1 - lightness);
  const channel = (offset: number): number => {
    const turn = (offset + hue / 30) % 12;
    const value =
      lightness - spread * Math.max(-1, Math.min(turn - 3, 9 - turn, 1));
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  const luminance =
    0.2126 * channel(0) + 0.7152 * channel(8) + 0.0722 * channel(4);
  return 1.05 / (luminance + 0.05);
}

function hueOf(svg: string): number {
  return Number(/hsl\((\d+(?:\.\d+)?) 45% 33%\)/.exec(svg)?.[1]);
}

test("a person's colour comes from their id and stays when they are renamed", () => {
  const id = newPersonId();
  const hue = hueOf(drawAvatar({ id, name: "Ann" }));
  expect(hueOf(drawAvatar({ id, name: "Somebody else" }))).toBe(hue);
});

test("a person's colour is the same in every version and on every machine", () => {
  expect(hueOf(drawAvatar({ id: "u_3hT9pLz6Vb", name: "Ann" }))).toBe(255);
});

test("white letters can be read on every colour there is (WCAG AA: 4.5 to 1)", () => {
  const hues = new Set(
    Array.from({ length: 2_000 }, () =>
      hueOf(drawAvatar({ id: newPersonId(), name: "Ann" })),
    ),
  );
  expect(hues.size).toBe(24);
  for (const hue of hues) {
    expect(contrastOfWhite(hue)).toBeGreaterThanOrEqual(4.5);
  }
});

test("[T15] a name cannot become markup", () => {
  const svg = drawAvatar({ id: "u_x", name: "< >" });
  expect(svg).toContain(">&lt;&gt;</text>");
  expect(drawAvatar({ id: "u_x", name: '" onload="x' })).not.toContain(
    'onload="',
  );
});
