import { onScopeDispose, watch, type Ref } from "vue";
import { ReadingMark, seenMsMin } from "./reading-mark.ts";

interface Reading {
  scroller: Readonly<Ref<HTMLElement | null>>;
  /** Whether anything in view counts: page visible, focused, connected. */
  isReading: () => boolean;
  /** Called with what has been read now. */
  read: (upTo: number) => void;
}

/**
 * Watches what is in view for long enough to be read (U5). The returned
 * function is to be called after each scroll and each change of rows.
 */
export function useReading({ scroller, isReading, read }: Reading): () => void {
  const mark = new ReadingMark();
  let timer: ReturnType<typeof setTimeout> | undefined;

  const look = (): void => {
    clearTimeout(timer);
    if (scroller.value === null || !isReading()) {
      mark.lookAway();
      return;
    }
    const now = performance.now();
    const seqs = seqsInView(scroller.value);
    mark.see(seqs, now);
    const upTo = mark.readUpTo(now);
    if (upTo > 0) read(upTo);
    // The last one in view decides; once it counts there is nothing to wait for.
    if (seqs.some((seq) => seq > upTo)) timer = setTimeout(look, seenMsMin);
  };

  watch(isReading, look);
  onScopeDispose(() => clearTimeout(timer));
  return look;
}

/** The numbers of the messages whose lower edge is in view. */
function seqsInView(scroller: HTMLElement): number[] {
  const view = scroller.getBoundingClientRect();
  const seqs: number[] = [];
  const rows = scroller.querySelectorAll<HTMLElement>("[data-seq]");
  // From the end: what is in view is mostly there, and then it can stop.
  for (let index = rows.length - 1; index >= 0; index -= 1) {
    const row = rows[index];
    if (row === undefined) continue;
    const { bottom } = row.getBoundingClientRect();
    if (bottom < view.top) break;
    if (bottom <= view.bottom + 1) seqs.push(Number(row.dataset["seq"]));
  }
  return seqs;
}
