// The classes of characters that emphasis and links are decided by.

const cjk = /[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Hang}\uff01-\uff65]/u;
const punctuation = /[\p{P}\p{S}]/u;
const space = /\s/u;

/** Chinese, Japanese and Korean letters and punctuation, and full-width forms. */
export function isCjk(character: string): boolean {
  // The first of them, leaving out a few marks shared with Latin text.
  return character >= "\u1100" && cjk.test(character);
}

/** The start and the end of a text (an empty string) count as white space. */
export function isSpace(character: string): boolean {
  return character === "" || space.test(character);
}

export function isPunctuation(character: string): boolean {
  return punctuation.test(character);
}

/** The whole character that ends before `index`, or "" at the start. */
export function characterBefore(text: string, index: number): string {
  if (index <= 0) return "";
  const isPair =
    index > 1 &&
    isLowSurrogate(text.charCodeAt(index - 1)) &&
    isHighSurrogate(text.charCodeAt(index - 2));
  return text.slice(isPair ? index - 2 : index - 1, index);
}

/** The whole character that begins at `index`, or "" at the end. */
export function characterAt(text: string, index: number): string {
  const code = text.codePointAt(index);
  return code === undefined ? "" : String.fromCodePoint(code);
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}

function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff;
}
