import {
  characterAt,
  characterBefore,
  isCjk,
  isPunctuation,
  isSpace,
} from "./characters.ts";

/** Longer addresses are not links; it also bounds what one attempt may cost. */
const addressLengthMax = 2_048;
/** `(` within an address, as Wikipedia has them. */
const parenthesesMax = 8;

export interface Address {
  href: string;
  /** What a person should know about where it leads. */
  host: string;
}

/** The address, when it is one that a message may link to. */
export function readAddress(typed: string): Address | undefined {
  if (typed.length > addressLengthMax) return undefined;
  // Only what is typed out in full: no relative paths, and no scheme that runs.
  if (!/^(?:https?:\/\/|mailto:)[^\s]/iu.test(typed)) return undefined;
  const url = URL.parse(typed);
  if (url === null) return undefined;
  switch (url.protocol) {
    case "https:":
    case "http:":
      return { href: url.href, host: url.host };
    case "mailto:":
      return { href: url.href, host: url.pathname };
    default:
      return undefined;
  }
}

/**
 * The end of an address in running text whose scheme stands between `start` and
 * `schemeEnd`. Text in Chinese or Japanese goes on without a space, so a CJK
 * letter belongs to the address only in its path, and only where an address
 * could go on.
 */
export function endOfBareAddress(
  text: string,
  start: number,
  schemeEnd: number,
): number {
  let end = schemeEnd;
  let isInPath = false;
  while (end < text.length) {
    const character = characterAt(text, end);
    if (!mayGoOn(text, end, character, isInPath)) break;
    if (character === "/" || character === "?" || character === "#") {
      isInPath = true;
    }
    end += character.length;
  }
  return withoutTail(text, start, end);
}

function mayGoOn(
  text: string,
  at: number,
  character: string,
  isInPath: boolean,
): boolean {
  if (isSpace(character) || /[<>"`\p{Cc}]/u.test(character)) return false;
  if (character <= "\u007f") return true;
  if (isPunctuation(character) || isFullWidth(character)) return false;
  if (!isCjk(character)) return true;
  const before = characterBefore(text, at);
  return isInPath && (/[/=#?&\-_.%]/u.test(before) || isCjk(before));
}

function isFullWidth(character: string): boolean {
  return character >= "\uff01" && character <= "\uff65";
}

/** Punctuation at the end belongs to the sentence; so does a `)` without its `(`. */
function withoutTail(text: string, start: number, end: number): number {
  let open = 0;
  for (let index = start; index < end; index += 1) {
    const character = text.charAt(index);
    if (character === "(") open += 1;
    if (character === ")") open -= 1;
  }
  let last = end;
  while (last > start) {
    const character = text.charAt(last - 1);
    if (character === ")" && open < 0) open += 1;
    else if (!/[.,:;!?'*_~\]}|]/u.test(character)) break;
    last -= 1;
  }
  return last;
}

/**
 * The end of the address in `[text](address)`, where `start` follows the `(`:
 * the index of the `)`, or -1 when this is not an address.
 */
export function endOfWrittenAddress(text: string, start: number): number {
  const limit = Math.min(text.length, start + addressLengthMax);
  let open = 0;
  for (let index = start; index < limit; index += 1) {
    const character = text.charAt(index);
    if (character === ")") {
      if (open === 0) return index;
      open -= 1;
    } else if (character === "(") {
      open += 1;
      if (open > parenthesesMax) return -1;
    } else if (character === "<" || isSpace(character)) {
      return -1;
    }
  }
  return -1;
}

/** For each `[`, the `]` that belongs to it. */
export function matchBrackets(text: string): Map<number, number> {
  const pairs = new Map<number, number>();
  const open: number[] = [];
  for (let index = 0; index < text.length; index += 1) {
    const character = text.charAt(index);
    if (character === "\\") index += 1;
    else if (character === "[") open.push(index);
    else if (character === "]") {
      const start = open.pop();
      if (start !== undefined) pairs.set(start, index);
    }
  }
  return pairs;
}
