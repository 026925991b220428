import { countOnlyEmoji } from "../emoji/emoji-only.ts";
import type { EmojiOf } from "./render.ts";
import type { Block, Inline } from "./tree.ts";

/** Longer messages are shown in part until somebody wants the rest. */
const linesMax = 32;
const charactersMax = 3_000;

export function isLong(text: string): boolean {
  if (text.length > charactersMax) return true;
  let lines = 1;
  for (
    let at = text.indexOf("\n");
    at !== -1;
    at = text.indexOf("\n", at + 1)
  ) {
    lines += 1;
    if (lines > linesMax) return true;
  }
  return false;
}

/** Whether there is nothing but a few emoji, typed or by shortcode. */
export function isOnlyEmoji(
  blocks: readonly Block[],
  emojiOf: EmojiOf,
): boolean {
  const [only, second] = blocks;
  if (only?.type !== "paragraph" || second !== undefined) return false;
  const text = only.children.map((node) => asText(node, emojiOf)).join("");
  return countOnlyEmoji(text) !== undefined;
}

function asText(node: Inline, emojiOf: EmojiOf): string {
  if (node.type === "text") return node.text;
  if (node.type === "shortcode") return emojiOf(node.name) ?? "?";
  return "?";
}

/** Whether drawing these needs the names of emoji. */
export function hasShortcode(blocks: readonly Block[]): boolean {
  return blocks.some((block) => {
    switch (block.type) {
      case "paragraph":
        return hasInlineShortcode(block.children);
      case "code-block":
        return false;
      case "quote":
        return hasShortcode(block.children);
      case "list":
        return block.items.some(hasShortcode);
    }
  });
}

function hasInlineShortcode(nodes: readonly Inline[]): boolean {
  return nodes.some((node) => {
    if (node.type === "shortcode") return true;
    return "children" in node && hasInlineShortcode(node.children);
  });
}

/**
 * The language to draw Han letters in, by what only one language has: kana or
 * hangul. Without either it is the reader's.
 */
export function scriptLanguage(text: string): string | undefined {
  if (/[\p{Script=Hiragana}\p{Script=Katakana}]/u.test(text)) return "ja";
  if (/\p{Script=Hangul}/u.test(text)) return "ko";
  return undefined;
}
