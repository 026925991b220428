import type { ErrorCode } from "./errors.ts";
import { limits } from "./limits.ts";

// What a person types is checked by the same functions in the browser, before
// it is sent, and on the server, before it is stored. They change nothing:
// what is stored is what was typed (D-7).

/** C0 except tab and line feed. They have no look and break terminals and logs. */
// eslint-disable-next-line no-control-regex -- finding them is the point
const forbiddenInText = /[\u0000-\u0008\u000b-\u001f]/u;

/** Something to see: not white space, not an invisible or formatting character. */
const visible = /[^\s\p{Default_Ignorable_Code_Point}\p{Cf}\u2800]/u;

const combiningMarks = /\p{M}/u;

/** The first objection to a message's text, or undefined when it may be sent. */
export function objectionToText(text: string): ErrorCode | undefined {
  if (!text.isWellFormed()) return "invalid_text";
  if (forbiddenInText.test(text)) return "invalid_characters";
  if (codePoints(text) > limits.textCodePoints) return "too_long";
  if (!visible.test(text)) return "empty_message";
  if (lines(text) > limits.textLines) return "too_long";
  if (longestMarkRun(text) > limits.marksPerCharacter) {
    return "invalid_characters";
  }
  return undefined;
}

/** The number of code points; the UTF-16 length answers most questions alone. */
export function codePoints(text: string): number {
  let count = text.length;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    if (unit >= 0xd800 && unit <= 0xdbff) count -= 1;
  }
  return count;
}

/** The longest run of combining marks. Linear; Latin text never gets to the regex. */
export function longestMarkRun(text: string): number {
  let longest = 0;
  let run = 0;
  for (const character of text) {
    // The first combining mark is U+0300.
    const isMark = character >= "\u0300" && combiningMarks.test(character);
    run = isMark ? run + 1 : 0;
    if (run > longest) longest = run;
  }
  return longest;
}

/** True when the text has anything that a reader would see. */
export function hasVisibleCharacter(text: string): boolean {
  return visible.test(text);
}

function lines(text: string): number {
  let count = 1;
  for (
    let at = text.indexOf("\n");
    at !== -1;
    at = text.indexOf("\n", at + 1)
  ) {
    count += 1;
  }
  return count;
}
