import { characterBefore } from "./characters.ts";
import { matchRuns, readRun, type DelimiterRun } from "./emphasis.ts";
import {
  endOfBareAddress,
  endOfWrittenAddress,
  matchBrackets,
  readAddress,
} from "./links.ts";
import type { Inline, Mark } from "./tree.ts";

/** Deeper marks are dropped, their text stays: no screen could show them. */
const depthMax = 8;

type Piece = Inline | DelimiterRun;

/** The marks, links, code and shortcodes of one paragraph. Linear in its length. */
export function parseInline(text: string, isInLink = false): Inline[] {
  const pieces = new Scanner(text, isInLink).scan();
  matchRuns(pieces.filter((piece) => piece.type === "run"));
  return nest(pieces);
}

const special = /[\\`*_~[:hHwWmM¯]/gu;
const escapable = /[*_~`[\]>]/u;
const shortcode = /:([a-z0-9_+-]{1,40}):/uy;
const bareScheme = /https?:\/\/|www\.|mailto:/iuy;
/** Its arm is not an escape. */
const shrug = "¯\\_(ツ)_/¯";

class Scanner {
  readonly #text: string;
  readonly #isInLink: boolean;
  readonly #pieces: Piece[] = [];
  #brackets: Map<number, number> | undefined;
  #backticks: Map<number, Places> | undefined;
  #at = 0;
  /** Where the plain text begins that is not yet a piece. */
  #plainFrom = 0;

  constructor(text: string, isInLink: boolean) {
    this.#text = text;
    this.#isInLink = isInLink;
  }

  scan(): Piece[] {
    while (this.#at < this.#text.length) {
      special.lastIndex = this.#at;
      const found = special.exec(this.#text);
      if (found === null) break;
      this.#at = found.index;
      if (!this.#readSpecial(found[0])) this.#at += 1;
    }
    this.#at = this.#text.length;
    this.#flush(this.#at);
    return this.#pieces;
  }

  /** False when the character means nothing here and stays text. */
  #readSpecial(character: string): boolean {
    switch (character) {
      case "\\":
        return this.#readEscape();
      case "`":
        return this.#readCode();
      case "*":
      case "_":
      case "~": {
        const run = readRun(this.#text, this.#at);
        return this.#take(run, this.#at + run.length);
      }
      case "[":
        return !this.#isInLink && this.#readLink();
      case ":":
        return this.#readShortcode();
      case "¯":
        if (!this.#text.startsWith(shrug, this.#at)) return false;
        this.#at += shrug.length;
        return true;
      default:
        return !this.#isInLink && this.#readBareAddress();
    }
  }

  #readEscape(): boolean {
    const escaped = this.#text.charAt(this.#at + 1);
    if (!escapable.test(escaped)) return false;
    return this.#take({ type: "text", text: escaped }, this.#at + 2);
  }

  #readCode(): boolean {
    const start = this.#at;
    let inner = start;
    while (this.#text.charAt(inner) === "`") inner += 1;
    const length = inner - start;
    this.#backticks ??= backtickRuns(this.#text);
    const end = this.#backticks.get(length)?.after(inner);
    if (end === undefined) {
      this.#at = inner;
      return true;
    }
    let code = this.#text.slice(inner, end);
    // A space on both sides lets the code itself begin with a backtick.
    const isPadded = code.startsWith(" ") && code.endsWith(" ");
    if (isPadded && code.trim() !== "") code = code.slice(1, -1);
    return this.#take({ type: "code", text: code }, end + length);
  }

  #readLink(): boolean {
    const start = this.#at;
    this.#brackets ??= matchBrackets(this.#text);
    const close = this.#brackets.get(start);
    if (close === undefined || close === start + 1) return false;
    if (this.#text.charAt(close + 1) !== "(") return false;
    const end = endOfWrittenAddress(this.#text, close + 2);
    if (end === -1) return false;
    const typed = this.#text.slice(close + 2, end);
    const address = readAddress(typed);
    if (address === undefined) return false;
    const label = this.#text.slice(start + 1, close);
    return this.#take(
      {
        type: "link",
        href: address.href,
        host: label === typed ? undefined : address.host,
        children: parseInline(label, true),
      },
      end + 1,
    );
  }

  #readBareAddress(): boolean {
    if (/[a-z0-9]/iu.test(characterBefore(this.#text, this.#at))) return false;
    bareScheme.lastIndex = this.#at;
    if (!bareScheme.test(this.#text)) return false;
    const end = endOfBareAddress(this.#text, this.#at, bareScheme.lastIndex);
    const label = this.#text.slice(this.#at, end);
    const isWww = /^www\./iu.test(label);
    // "www." alone is no place, and neither is "www.x".
    const isPlace = !isWww || /^www\.[^./]+\.[^./]/iu.test(label);
    const address = isPlace
      ? readAddress(isWww ? `https://${label}` : label)
      : undefined;
    if (address === undefined) {
      // What looked like an address is not searched again: it is all text.
      this.#at = Math.max(end, this.#at + 1);
      return true;
    }
    const says = label.toLowerCase().includes(address.host);
    return this.#take(
      {
        type: "link",
        href: address.href,
        host: says ? undefined : address.host,
        children: [{ type: "text", text: label }],
      },
      end,
    );
  }

  #readShortcode(): boolean {
    shortcode.lastIndex = this.#at;
    const name = shortcode.exec(this.#text)?.[1];
    if (name === undefined) return false;
    return this.#take({ type: "shortcode", name }, this.#at + name.length + 2);
  }

  #take(piece: Piece, end: number): true {
    this.#flush(this.#at);
    this.#pieces.push(piece);
    this.#at = end;
    this.#plainFrom = end;
    return true;
  }

  #flush(end: number): void {
    if (end <= this.#plainFrom) return;
    const text = this.#text.slice(this.#plainFrom, end);
    this.#pieces.push({ type: "text", text });
    this.#plainFrom = end;
  }
}

/** Rising positions, asked for with rising questions: nothing is seen twice. */
class Places {
  readonly #indexes: number[] = [];
  #next = 0;

  add(index: number): void {
    this.#indexes.push(index);
  }

  /** The first one at `index` or later. */
  after(index: number): number | undefined {
    for (;;) {
      const place = this.#indexes[this.#next];
      if (place === undefined || place >= index) return place;
      this.#next += 1;
    }
  }
}

/** Where runs of backticks begin, by their length. */
function backtickRuns(text: string): Map<number, Places> {
  const runs = new Map<number, Places>();
  for (const match of text.matchAll(/`+/gu)) {
    const places = runs.get(match[0].length) ?? new Places();
    places.add(match.index);
    runs.set(match[0].length, places);
  }
  return runs;
}

/** Pieces in a row become a tree, without recursion: text may nest very deep. */
function nest(pieces: readonly Piece[]): Inline[] {
  const root: Inline[] = [];
  /** The lists being filled; `undefined` stands for a mark that was dropped. */
  const open: (Inline[] | undefined)[] = [];
  let children = root;
  let depth = 0;

  const enter = (mark: Mark): void => {
    if (depth >= depthMax) {
      open.push(undefined);
      return;
    }
    const node = { type: mark, children: [] as Inline[] };
    children.push(node);
    open.push(children);
    children = node.children;
    depth += 1;
  };
  const leave = (): void => {
    const parent = open.pop();
    if (parent === undefined) return;
    children = parent;
    depth -= 1;
  };

  for (const piece of pieces) {
    if (piece.type !== "run") {
      addTo(children, piece);
      continue;
    }
    piece.closes.forEach(leave);
    if (piece.left > 0) {
      const text = piece.character.repeat(piece.left);
      addTo(children, { type: "text", text });
    }
    piece.opens.toReversed().forEach(enter);
  }
  return root;
}

function addTo(children: Inline[], piece: Inline): void {
  const last = children.at(-1);
  if (piece.type === "text" && last?.type === "text") last.text += piece.text;
  else children.push(piece);
}
