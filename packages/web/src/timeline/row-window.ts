import type { Message } from "@parley/client";

// A room may hold thousands of messages in memory; the page draws only those
// around what is being read. The window moves in steps, so that a step above
// the view and a step below it are always there to be scrolled into.

/** Rows that are drawn at most; a few more for what is pending. */
export const rowsMax = 300;
/** Rows drawn when a room is opened, and added when an edge comes near. */
const rowsPerStep = 80;

/** The messages that are drawn, by seq, so that older pages may come in front. */
export interface RowWindow {
  fromSeq: number;
  /** null: up to the newest, also those that are still to come. */
  toSeq: number | null;
}

interface Slice {
  start: number;
  end: number;
}

/** Where the window's messages stand in the list. */
export function sliceOf(
  messages: readonly Message[],
  { fromSeq, toSeq }: RowWindow,
): Slice {
  const end =
    toSeq === null ? messages.length : firstAtOrAfter(messages, toSeq + 1);
  return { start: Math.min(firstAtOrAfter(messages, fromSeq), end), end };
}

/** The newest messages. */
export function newestWindow(messages: readonly Message[]): RowWindow {
  return windowOf(messages, messages.length - rowsPerStep, messages.length);
}

/** The messages around one of them. */
export function windowAround(
  messages: readonly Message[],
  seq: number,
): RowWindow {
  const middle = firstAtOrAfter(messages, seq);
  return windowOf(messages, middle - rowsPerStep, middle + rowsPerStep);
}

/** One step further up; at the far end it lets go of what is too much. */
export function olderWindow(
  messages: readonly Message[],
  current: RowWindow,
): RowWindow {
  const { start, end } = sliceOf(messages, current);
  const first = Math.max(0, start - rowsPerStep);
  return windowOf(messages, first, Math.min(end, first + rowsMax));
}

/** One step further down. */
export function newerWindow(
  messages: readonly Message[],
  current: RowWindow,
): RowWindow {
  const { start, end } = sliceOf(messages, current);
  const last = Math.min(messages.length, end + rowsPerStep);
  return windowOf(messages, Math.max(start, last - rowsMax), last);
}

/**
 * The window after messages have come in at its end, or where a hole was.
 * Whoever stands at the bottom loses rows at the top; whoever reads further up
 * stops following, keeps what is around the message that they read, and goes
 * on in steps.
 */
export function boundedWindow(
  messages: readonly Message[],
  current: RowWindow,
  reading: "bottom" | number,
): RowWindow {
  const { start, end } = sliceOf(messages, current);
  // The messages were replaced by others: what was drawn is not there any more.
  if (start === end && messages.length > 0) return newestWindow(messages);
  if (end - start <= rowsMax) return current;
  if (reading === "bottom")
    return windowOf(messages, end - rowsMax + rowsPerStep, end);
  const needed = firstAtOrAfter(messages, reading) + rowsPerStep;
  const last = Math.max(start + rowsMax, Math.min(end, needed));
  return windowOf(messages, last - rowsMax, last);
}

function windowOf(
  messages: readonly Message[],
  start: number,
  end: number,
): RowWindow {
  const last = messages[end - 1];
  return {
    // 0 lets messages in that come before all that are known.
    fromSeq: messages[Math.max(0, start)]?.seq ?? 0,
    toSeq: end >= messages.length || last === undefined ? null : last.seq,
  };
}

/** Binary search: the index of the first message with this seq or a higher one. */
function firstAtOrAfter(messages: readonly Message[], seq: number): number {
  let low = 0;
  let high = messages.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((messages[middle]?.seq ?? 0) < seq) low = middle + 1;
    else high = middle;
  }
  return low;
}
