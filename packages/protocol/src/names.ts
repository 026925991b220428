import type { ErrorCode } from "./errors.ts";
import { limits } from "./limits.ts";
import { isOfOneScript } from "./scripts.ts";
import { codePoints, hasVisibleCharacter, longestMarkRun } from "./text.ts";

/** Control characters, and those that turn the direction of what stands beside a name. */
const forbiddenInNames =
  /[\p{Cc}\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;

/**
 * Invisible characters that make two names look alike: soft hyphen, fillers,
 * zero-width and tag characters, the Braille blank.
 */
const invisibleInNames = /[\p{Default_Ignorable_Code_Point}\u2800]/u;

/**
 * The joiner U+200D and the variation selector U+FE0F hold emoji together, so
 * they may stand behind one.
 */
const emojiGlue =
  /(?<=\p{Extended_Pictographic}|\p{Emoji_Modifier}|\ufe0f)(?:\u200d|\ufe0f)/gu;

/**
 * The form in which a name is stored: composed (so that é is one name however
 * it was typed), without white space at the ends, single spaces inside.
 */
export function normalizeName(name: string): string {
  return name.normalize("NFC").trim().replace(/\s+/gu, " ");
}

/** The first objection to a person's name, already normalised, or undefined. */
export function objectionToName(name: string): ErrorCode | undefined {
  const found = objection(name, limits.nameCodePoints);
  // Last, when its length is bounded.
  return found ?? (isOfOneScript(name) ? undefined : "invalid_characters");
}

/** The same for a room's name. */
export function objectionToRoomName(name: string): ErrorCode | undefined {
  return objection(name, limits.roomNameCodePoints);
}

function objection(name: string, codePointsMax: number): ErrorCode | undefined {
  if (!name.isWellFormed()) return "invalid_text";
  const withoutGlue = name.replace(emojiGlue, "");
  if (forbiddenInNames.test(name) || invisibleInNames.test(withoutGlue)) {
    return "invalid_characters";
  }
  if (longestMarkRun(name) > limits.marksPerNameCharacter) {
    return "invalid_characters";
  }
  if (!hasVisibleCharacter(name) || codePoints(name) > codePointsMax) {
    return "invalid_name";
  }
  return undefined;
}

/**
 * One @ with something on both sides and no white space, quotes or brackets.
 * More would refuse addresses that work; that an address works, only a mail
 * can show, and an address proves nothing here anyhow.
 */
const emailShape = /^[^\s@"'<>()[\]\\,;:\p{Cc}]+@[^\s@"'<>()[\]\\,;:\p{Cc}]+$/u;

/** The objection to an e-mail address, or undefined. */
export function objectionToEmail(email: string): ErrorCode | undefined {
  const isFine =
    email.length <= limits.emailChars &&
    email.isWellFormed() &&
    emailShape.test(email);
  return isFine ? undefined : "invalid_email";
}
