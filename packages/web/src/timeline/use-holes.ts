import type { Hole, HoleEnd } from "@parley/client";
import { readonly, shallowRef, watch, type Ref } from "vue";
import type { Anchor } from "./use-keep-scroll.ts";

interface Source {
  scroller: Readonly<Ref<HTMLElement | null>>;
  holes: () => readonly Hole[];
  isLive: () => boolean;
  isStuck: () => boolean;
  /** What is being read: the hole is filled on that side of it. */
  anchor: () => Anchor | undefined;
  fillHole: (hole: Hole, end: HoleEnd) => Promise<void>;
}

interface Holes {
  /** Whether the last try failed; then nothing is tried by itself. */
  hasFailed: Readonly<Ref<boolean>>;
  /** Fills a hole no further than so many px from the view, a page at a time. */
  fillNear: (pxMax: number) => void;
  /** False when it failed. */
  fill: (hole: Hole, end: HoleEnd) => Promise<boolean>;
  /** The same, also after a failure, from where it is seen. */
  retry: (hole: Hole) => Promise<void>;
}

/** What is missing between the messages of a room, and how it comes (S9). */
export function useHoles(source: Source): Holes {
  const hasFailed = shallowRef(false);
  let isFilling = false;
  /** Counts up with each change of the connection. */
  let connection = 0;

  const fill = async (hole: Hole, end: HoleEnd): Promise<boolean> => {
    const ours = connection;
    isFilling = true;
    try {
      await source.fillHole(hole, end);
      return true;
    } catch {
      // What fails late may be the last of a connection that is no more.
      hasFailed.value = ours === connection;
      return false;
    } finally {
      isFilling = false;
    }
  };

  // A connection that is back may have what it could not give before.
  watch(source.isLive, () => {
    connection += 1;
    hasFailed.value = false;
  });

  /**
   * Rows come in on the side of what is being read: below it, where it is above
   * the hole, and else between the hole and what is kept in its place.
   */
  const endAt = (offset: number): HoleEnd => {
    const anchor = source.anchor();
    const isReadAbove = anchor !== undefined && anchor.offset < offset;
    return isReadAbove && !source.isStuck() ? "after" : "upTo";
  };

  const fillNear = (pxMax: number): void => {
    const scroller = source.scroller.value;
    if (scroller === null || isFilling || hasFailed.value) return;
    const found = nearest(scroller, source.holes());
    if (found === undefined || found.distance > pxMax) return;
    void fill(found.hole, endAt(found.offset)).then(() => fillNear(pxMax));
  };

  return {
    hasFailed: readonly(hasFailed),
    fillNear,
    fill,
    retry: async (hole) => {
      const scroller = source.scroller.value;
      const row = scroller && rowOf(scroller, hole);
      hasFailed.value = false;
      if (row) await fill(hole, endAt(offsetIn(scroller, row)));
    },
  };
}

interface Found {
  hole: Hole;
  /** How far below the top of the view it is … */
  offset: number;
  /** … and how far away from the view. */
  distance: number;
}

function nearest(
  scroller: HTMLElement,
  holes: readonly Hole[],
): Found | undefined {
  const found = holes.flatMap((hole): Found[] => {
    const row = rowOf(scroller, hole);
    if (row === null) return [];
    const offset = offsetIn(scroller, row);
    const above = -offset - row.offsetHeight;
    const below = offset - scroller.clientHeight;
    return [{ hole, offset, distance: Math.max(0, above, below) }];
  });
  return found.sort((one, other) => one.distance - other.distance)[0];
}

/** Its row, if it is drawn. */
function rowOf(
  scroller: HTMLElement,
  { after, upTo }: Hole,
): HTMLElement | null {
  return scroller.querySelector(`[data-hole="${after}-${upTo}"]`);
}

function offsetIn(scroller: HTMLElement, row: HTMLElement): number {
  return row.getBoundingClientRect().top - scroller.getBoundingClientRect().top;
}
