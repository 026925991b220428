/** More than a handful is a text of emoji, which reads better small. */
const countMax = 8;

/** Emoji as people see them: flags, families and skin tones count once. */
const onlyEmoji = /^(?:\p{RGI_Emoji}|\s)+$/v;
const oneEmoji = /\p{RGI_Emoji}/gv;

/**
 * How many emoji a text consists of, or undefined when it holds anything else
 * or too many of them.
 */
export function countOnlyEmoji(text: string): number | undefined {
  if (text.length > countMax * 16 || !onlyEmoji.test(text)) return undefined;
  const count = [...text.matchAll(oneEmoji)].length;
  return count > 0 && count <= countMax ? count : undefined;
}
