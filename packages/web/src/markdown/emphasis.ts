import {
  characterAt,
  characterBefore,
  isCjk,
  isPunctuation,
  isSpace,
} from "./characters.ts";
import type { Mark } from "./tree.ts";

/** A row of the same delimiter: `*`, `_` or `~`, once or many times. */
export interface DelimiterRun {
  type: "run";
  character: string;
  /** How many there were, and how many no mark has used: those are text. */
  length: number;
  left: number;
  canOpen: boolean;
  canClose: boolean;
  /** Marks that end here, the innermost first; they come before the rest. */
  closes: Mark[];
  /** Marks that begin here, the innermost first; they come after the rest. */
  opens: Mark[];
}

/**
 * Reads the run at `start`. The rules are CommonMark's flanking rules, made fit
 * for text without spaces: for `*` and `~~`, CJK punctuation counts as letters,
 * and a CJK character beside the run as white space does, or else
 * `**テスト。**です` would not be bold. `_` keeps the standard rule.
 */
export function readRun(text: string, start: number): DelimiterRun {
  const character = text.charAt(start);
  let end = start + 1;
  while (text.charAt(end) === character) end += 1;
  const before = characterBefore(text, start);
  const after = characterAt(text, end);
  const length = end - start;
  const run: DelimiterRun = {
    type: "run",
    character,
    length,
    left: length,
    canOpen: false,
    canClose: false,
    closes: [],
    opens: [],
  };
  if (character === "_") {
    const isLeft = isFlanking(after, before, false);
    const isRight = isFlanking(before, after, false);
    run.canOpen = isLeft && (!isRight || isPunctuation(before));
    run.canClose = isRight && (!isLeft || isPunctuation(after));
  } else if (character === "*" || length === 2) {
    run.canOpen = isFlanking(after, before, true);
    run.canClose = isFlanking(before, after, true);
  }
  return run;
}

/** Whether a run leans on `inner`, the character on the marked side of it. */
function isFlanking(inner: string, outer: string, isForCjk: boolean): boolean {
  if (isSpace(inner)) return false;
  const innerIsLetter = !isPunctuation(inner) || (isForCjk && isCjk(inner));
  if (innerIsLetter || isSpace(outer)) return true;
  return isForCjk ? isCjk(outer) || isPunctuation(outer) : isPunctuation(outer);
}

/**
 * Finds which runs mark what, by CommonMark's algorithm. A search that failed
 * leaves a floor below which the same search is not tried again; that keeps it
 * linear.
 */
export function matchRuns(runs: readonly DelimiterRun[]): void {
  const previous = runs.map((_, index) => index - 1);
  const next = runs.map((_, index) => index + 1);
  const floors = new Map<string, number>();

  const remove = (index: number): void => {
    const before = previous[index] ?? -1;
    const after = next[index] ?? runs.length;
    if (before >= 0) next[before] = after;
    if (after < runs.length) previous[after] = before;
  };

  let at = 0;
  while (at < runs.length) {
    const closer = runs[at];
    const following = next[at] ?? runs.length;
    if (closer === undefined) return;
    if (!closer.canClose || closer.left === 0) {
      at = following;
      continue;
    }
    const kind = `${closer.character}${String(closer.canOpen)}${closer.length % 3}`;
    const floor = floors.get(kind) ?? -1;
    let from = previous[at] ?? -1;
    while (from > floor && !fits(runs[from], closer)) {
      from = previous[from] ?? -1;
    }
    const opener = from > floor ? runs[from] : undefined;
    if (opener === undefined) {
      floors.set(kind, previous[at] ?? -1);
      if (!closer.canOpen) remove(at);
      at = following;
      continue;
    }
    join(opener, closer);
    // What stands between the two can no longer mark anything outside.
    next[from] = at;
    previous[at] = from;
    if (opener.left === 0) remove(from);
    if (closer.left === 0) {
      remove(at);
      at = following;
    }
  }
}

function fits(
  opener: DelimiterRun | undefined,
  closer: DelimiterRun,
): opener is DelimiterRun {
  if (opener?.character !== closer.character) return false;
  if (!opener.canOpen || opener.left === 0) return false;
  // CommonMark's rule of three: `*foo**bar*` is one mark, not two.
  const isAmbiguous = opener.canClose || closer.canOpen;
  return (
    !isAmbiguous ||
    (opener.length + closer.length) % 3 !== 0 ||
    (opener.length % 3 === 0 && closer.length % 3 === 0)
  );
}

function join(opener: DelimiterRun, closer: DelimiterRun): void {
  const used = opener.left >= 2 && closer.left >= 2 ? 2 : 1;
  const mark =
    closer.character === "~" ? "strike" : used === 2 ? "strong" : "emphasis";
  opener.left -= used;
  closer.left -= used;
  opener.opens.push(mark);
  closer.closes.push(mark);
}
