import { parseInline } from "./inline.ts";
import type { Block } from "./tree.ts";

/** Quotes and lists within each other; what is deeper stays text. */
const depthMax = 4;
/** Empty lines are kept as typed, but not so many that a row is all hole. */
const emptyLinesMax = 3;

const fence = /^ {0,3}(`{3,})([^`]*)$/u;
/** `>_<` and `>:(` are faces, not quotes. */
const quote = /^ {0,3}>(?: |$|(?=>))/u;
const listItem = /^( {0,3})(?:([-*])|(\d{1,9})[.)]) +(?=\S)/u;

/**
 * Reads the subset of Markdown that messages are written in. Takes any text,
 * never throws, and needs time in proportion to its length.
 */
export function parseMarkdown(text: string): Block[] {
  return parseBlocks(text.split("\n"), 0);
}

function parseBlocks(lines: readonly string[], depth: number): Block[] {
  const blocks: Block[] = [];
  let at = 0;
  while (at < lines.length) {
    const line = lines[at] ?? "";
    if (fence.test(line)) at = readFence(lines, at, blocks);
    else if (depth < depthMax && quote.test(line)) {
      at = readQuote(lines, at, depth, blocks);
    } else if (depth < depthMax && listItem.test(line)) {
      at = readList(lines, at, depth, blocks);
    } else at = readParagraph(lines, at, depth, blocks);
  }
  return blocks;
}

/** An unclosed fence goes to the end: its writer may still be typing. */
function readFence(
  lines: readonly string[],
  start: number,
  blocks: Block[],
): number {
  const [, ticks = "", info = ""] = fence.exec(lines[start] ?? "") ?? [];
  const isEnd = (line: string): boolean => {
    const trimmed = line.trim();
    return /^`{3,}$/u.test(trimmed) && trimmed.length >= ticks.length;
  };
  let end = start + 1;
  while (end < lines.length && !isEnd(lines[end] ?? "")) end += 1;
  blocks.push({
    type: "code-block",
    language: info.trim(),
    text: lines.slice(start + 1, end).join("\n"),
  });
  return end + 1;
}

function readQuote(
  lines: readonly string[],
  start: number,
  depth: number,
  blocks: Block[],
): number {
  const inner: string[] = [];
  let end = start;
  while (end < lines.length && quote.test(lines[end] ?? "")) {
    inner.push((lines[end] ?? "").replace(quote, ""));
    end += 1;
  }
  blocks.push({ type: "quote", children: parseBlocks(inner, depth + 1) });
  return end;
}

function readList(
  lines: readonly string[],
  start: number,
  depth: number,
  blocks: Block[],
): number {
  const isNumbered = (line: string): boolean | undefined => {
    const match = listItem.exec(line);
    return match === null ? undefined : match[3] !== undefined;
  };
  const numbered = isNumbered(lines[start] ?? "");
  const number = listItem.exec(lines[start] ?? "")?.[3];
  const items: Block[][] = [];
  let at = start;
  while (at < lines.length && isNumbered(lines[at] ?? "") === numbered) {
    const marker = listItem.exec(lines[at] ?? "")?.[0] ?? "";
    const inner = [(lines[at] ?? "").slice(marker.length)];
    at += 1;
    // Two spaces are enough to belong to the item above.
    while (at < lines.length && /^ {2,}\S/u.test(lines[at] ?? "")) {
      inner.push(withoutIndent(lines[at] ?? "", marker.length));
      at += 1;
    }
    items.push(parseBlocks(inner, depth + 1));
    // One empty line between items does not end the list.
    const goesOn =
      isEmpty(lines[at]) && isNumbered(lines[at + 1] ?? "") === numbered;
    if (goesOn) at += 1;
  }
  blocks.push({
    type: "list",
    start: number === undefined ? undefined : Number(number),
    items,
  });
  return at;
}

function withoutIndent(line: string, width: number): string {
  const indent = line.length - line.trimStart().length;
  return line.slice(Math.min(indent, width));
}

function readParagraph(
  lines: readonly string[],
  start: number,
  depth: number,
  blocks: Block[],
): number {
  let first = start;
  while (first < lines.length && isEmpty(lines[first])) first += 1;
  const beginsBlock = (line: string): boolean =>
    fence.test(line) ||
    (depth < depthMax && (quote.test(line) || listItem.test(line)));
  let end = first;
  while (
    end < lines.length &&
    !isEmpty(lines[end]) &&
    !beginsBlock(lines[end] ?? "")
  ) {
    end += 1;
  }
  if (end === first) return end;
  // Paragraphs stand one line apart already; further lines are kept as typed.
  const isFirstBlock = blocks.length === 0;
  const spare = isFirstBlock ? 0 : first - start - 1;
  const text =
    "\n".repeat(Math.max(0, Math.min(spare, emptyLinesMax))) +
    lines.slice(first, end).join("\n");
  blocks.push({ type: "paragraph", children: parseInline(text) });
  return end;
}

function isEmpty(line: string | undefined): boolean {
  return line?.trim() === "";
}
