import type { VNode } from "vue";
import { parseMarkdown } from "../../packages/web/src/markdown/parse.ts";
import { renderBlocks } from "../../packages/web/src/markdown/render.ts";

/**
 * What stands in a row when a text was drawn there: the page's own parser and
 * elements, read as a browser's textContent would be.
 */
export function drawnText(text: string): string {
  return wordsIn(renderBlocks(parseMarkdown(text), () => undefined));
}

function wordsIn(children: unknown): string {
  if (typeof children === "string") return children;
  if (!Array.isArray(children)) return "";
  return children
    .map((child: VNode | string) =>
      typeof child === "string" ? child : wordsIn(child.children),
    )
    .join("");
}
