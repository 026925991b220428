import {
  characterBefore,
  isCjk,
  isPunctuation,
  isSpace,
} from "../markdown/characters.ts";

export interface ShortcodeTrigger {
  /** Where the colon stands. */
  start: number;
  /** What was typed after it, up to the caret, in lower case. */
  query: string;
}

/** Longer than any shortcode. */
const queryLengthMax = 40;

/**
 * The `:sm` that is being typed before the caret, or undefined. The colon may
 * be full-width, because nobody leaves an input method to type one, and may
 * follow a CJK letter directly. It needs two Latin letters after it, so that
 * `注意：重要` stays quiet, and no letter or digit before it: `12:ab`, `a:bc`.
 */
export function findShortcodeTrigger(
  text: string,
  caret: number,
): ShortcodeTrigger | undefined {
  const before = text.slice(Math.max(0, caret - queryLengthMax - 1), caret);
  const match = /[:：]([a-z]{2}[a-z0-9_+-]*)$/iu.exec(before);
  if (match?.[1] === undefined) return undefined;
  const start = caret - match[0].length;
  const previous = characterBefore(text, start);
  const mayStart =
    isSpace(previous) || isPunctuation(previous) || isCjk(previous);
  return mayStart ? { start, query: match[1].toLowerCase() } : undefined;
}
