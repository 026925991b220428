import { h, type VNode } from "vue";
import { isCjk } from "./characters.ts";
import type { Block, Inline } from "./tree.ts";

/** The emoji of a shortcode, or undefined when there is none (yet). */
export type EmojiOf = (shortcode: string) => string | undefined;

type Child = VNode | string;

/**
 * Elements for a message's tree. Nothing here is ever a string of HTML: the
 * worst text is still only text.
 */
export function renderBlocks(
  blocks: readonly Block[],
  emojiOf: EmojiOf,
): VNode[] {
  return blocks.map((block) => renderBlock(block, emojiOf));
}

function renderBlock(block: Block, emojiOf: EmojiOf): VNode {
  // Each block has its own direction, so that one cannot turn the next around.
  switch (block.type) {
    case "paragraph":
      return h("p", { dir: "auto" }, renderInlines(block.children, emojiOf));
    case "code-block":
      // Long lines scroll, and what scrolls must be reachable by keyboard.
      return h("pre", { dir: "ltr", tabindex: 0 }, [h("code", block.text)]);
    case "quote":
      return h("blockquote", renderBlocks(block.children, emojiOf));
    case "list": {
      const items = block.items.map((item) =>
        h("li", renderBlocks(item, emojiOf)),
      );
      return block.start === undefined
        ? h("ul", items)
        : h("ol", { start: block.start }, items);
    }
  }
}

function renderInlines(nodes: readonly Inline[], emojiOf: EmojiOf): Child[] {
  return nodes.flatMap((node) => renderInline(node, emojiOf));
}

function renderInline(node: Inline, emojiOf: EmojiOf): Child | Child[] {
  switch (node.type) {
    case "text":
      return node.text;
    case "shortcode": {
      const emoji = emojiOf(node.name);
      const typed = `:${node.name}:`;
      return emoji === undefined ? typed : h("span", { title: typed }, emoji);
    }
    case "code":
      return h("code", node.text);
    case "strong":
      return h("strong", renderInlines(node.children, emojiOf));
    case "strike":
      return h("s", renderInlines(node.children, emojiOf));
    case "emphasis": {
      // Chinese and Japanese have no italics; dots stand for them.
      const hasCjk = node.children.some(
        (child) => child.type === "text" && Array.from(child.text).some(isCjk),
      );
      const look = hasCjk ? { class: "dotted" } : {};
      return h("em", look, renderInlines(node.children, emojiOf));
    }
    case "link": {
      const link = h(
        "a",
        {
          href: node.href,
          target: "_blank",
          rel: "noopener noreferrer nofollow",
          title: node.href,
        },
        renderInlines(node.children, emojiOf),
      );
      return node.host === undefined
        ? link
        : [link, h("span", { class: "host" }, ` (${node.host})`)];
    }
  }
}
