/** So long must a row be in view before it counts as read (U5). */
export const seenMsMin = 500;

/**
 * Decides how far somebody has read. It is told again and again which messages
 * have their lower edge in view, and when nobody can be looking.
 */
export class ReadingMark {
  /** Since when each message has been in view without a break. */
  #since = new Map<number, number>();

  /** The messages in view at `now`. */
  see(seqs: readonly number[], now: number): void {
    this.#since = new Map(
      seqs.map((seq) => [seq, this.#since.get(seq) ?? now]),
    );
  }

  /** Nobody looks: the page is hidden, unfocused, or not connected. */
  lookAway(): void {
    this.#since.clear();
  }

  /** The highest message that has been in view for long enough, or 0. */
  readUpTo(now: number): number {
    let mark = 0;
    for (const [seq, since] of this.#since) {
      if (now - since >= seenMsMin && seq > mark) mark = seq;
    }
    return mark;
  }
}

/** Where something begins and ends on the screen, in px. */
interface Edges {
  top: number;
  bottom: number;
}

/** A stored message, or a hole where its number is null. */
interface DrawnRow {
  seq: number | null;
  /** Asked only of rows that may be in view: measuring takes time. */
  edges: () => Edges;
}

/**
 * The messages that may count as read: those whose lower edge is in view, but
 * none below a hole in view. The mark would pass over what nobody has seen.
 */
export function readableSeqs(rows: readonly DrawnRow[], view: Edges): number[] {
  let seqs: number[] = [];
  // From the end: what is in view is mostly there, and then it can stop.
  for (const { seq, edges } of [...rows].reverse()) {
    const { top, bottom } = edges();
    if (bottom < view.top) break;
    if (seq === null && top <= view.bottom) seqs = [];
    if (seq !== null && bottom <= view.bottom + 1) seqs.push(seq);
  }
  return seqs;
}
