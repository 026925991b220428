import { onScopeDispose, watch, type Ref } from "vue";
import { readableSeqs, ReadingMark, seenMsMin } from "./reading-mark.ts";

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

function seqsInView(scroller: HTMLElement): number[] {
  const rows = scroller.querySelectorAll<HTMLElement>(
    "[data-seq], [data-hole]",
  );
  return readableSeqs(
    Array.from(rows, (row) => ({
      seq: "hole" in row.dataset ? null : Number(row.dataset["seq"]),
      edges: () => row.getBoundingClientRect(),
    })),
    scroller.getBoundingClientRect(),
  );
}
