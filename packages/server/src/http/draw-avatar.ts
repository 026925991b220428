import type { Person } from "@parley/protocol";
import { initialsOf } from "./initials.ts";

/** Evenly spread hues; white letters keep 4.5:1 on each of them at this lightness. */
const hues = 24;

/**
 * A person's picture: their initials on a colour of their own, the same for
 * ever, because it comes from the id and not from the name. Nothing is asked
 * of anybody else to draw it (T34).
 */
export function drawAvatar({ id, name }: Pick<Person, "id" | "name">): string {
  const hue = (hash(id) % hues) * (360 / hues);
  const initials = initialsOf(name);
  const size = isPair(initials) ? 38 : 46;
  return [
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100" width="100" height="100">',
    `<rect width="100" height="100" fill="hsl(${hue} 45% 33%)"/>`,
    '<text x="50" y="50" dy=".36em" text-anchor="middle" fill="#fff"',
    ` font-family="system-ui, sans-serif" font-weight="600" font-size="${size}">`,
    `${escapeXml(initials)}</text></svg>`,
  ].join("");
}

/** Two letters need more room than one sign, whichever number of units it has. */
function isPair(initials: string): boolean {
  return /^\p{L}\p{M}*\p{L}/u.test(initials);
}

/** FNV-1a over the characters: stable over versions, which a runtime's hash is not. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  }
  return value >>> 0;
}

function escapeXml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;");
}
