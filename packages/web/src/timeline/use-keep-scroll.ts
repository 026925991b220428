import { onMounted, onScopeDispose, readonly, shallowRef, type Ref } from "vue";

/** Whoever is this close to the bottom, wants to stay there (S1). */
const stuckPxMax = 48;

/** A row, and how far below the top of the view its upper edge is. */
export interface Anchor {
  key: string;
  offset: number;
}

interface Place {
  scroller: Readonly<Ref<HTMLElement | null>>;
  /** Its rows have their key in `data-key`, and messages also `data-cid`. */
  list: Readonly<Ref<HTMLElement | null>>;
  /** Whether the newest row is drawn: the bottom is only then the bottom. */
  hasNewest: () => boolean;
  /** A person has scrolled, or the place has changed its size. */
  moved: () => void;
}

export interface KeepScroll {
  /** Whether the view stays with the newest row. */
  isStuck: Readonly<Ref<boolean>>;
  /**
   * Takes in a scroll whose event is still to come; call before rows change.
   * Else putting everything back would undo it.
   */
  takeIn: () => void;
  /** Puts everything back where it was; call after each change of rows. */
  restore: () => void;
  toBottom: () => void;
  /** Brings a row to this offset. */
  toAnchor: (anchor: Anchor) => void;
  /** What would have to be restored later. */
  anchor: () => Anchor | undefined;
  /** How far the view is from either end of what is drawn, in px. */
  distances: () => { above: number; below: number; view: number };
}

/**
 * Keeps what is being read where it is: at the bottom, or at the first row
 * wholly in view, whatever changes above it. The browser's own anchoring is off
 * in the style, so that two mechanisms do not correct twice (S3).
 */
export function useKeepScroll(place: Place): KeepScroll {
  const isStuck = shallowRef(true);
  let anchor: Anchor | undefined;
  /** Where we put it; anything else was a person. */
  let placedAt = Number.NaN;
  /** Where the view was when the anchor was chosen. */
  let notedAt = 0;

  const note = (): void => {
    const { scroller, list } = place;
    if (scroller.value === null || list.value === null) return;
    const { above, below } = distances(scroller.value);
    notedAt = above;
    isStuck.value = place.hasNewest() && below <= stuckPxMax;
    anchor = firstInView(scroller.value, list.value);
  };

  const put = (scroller: HTMLElement, top: number): void => {
    if (Math.abs(scroller.scrollTop - top) >= 0.5) scroller.scrollTop = top;
    placedAt = scroller.scrollTop;
  };

  const toBottom = (): void => {
    const scroller = place.scroller.value;
    if (scroller === null) return;
    put(scroller, scroller.scrollHeight - scroller.clientHeight);
    note();
  };

  const toAnchor = (wanted: Anchor): void => {
    const scroller = place.scroller.value;
    const row = rowWithKey(place.list.value, wanted.key);
    if (scroller === null || row === undefined) return;
    const offset = offsetIn(scroller, row);
    put(scroller, scroller.scrollTop + offset - wanted.offset);
    note();
  };

  const restore = (): void => {
    const isSelecting =
      place.list.value !== null && holdsSelection(place.list.value);
    if (isStuck.value && place.hasNewest() && !isSelecting) toBottom();
    else if (anchor !== undefined) toAnchor(anchor);
    else note();
  };

  const takeIn = (): void => {
    const top = place.scroller.value?.scrollTop ?? 0;
    if (Math.abs(top - notedAt) < 1) return;
    placedAt = Number.NaN;
    note();
  };

  const scrolled = (): void => {
    const top = place.scroller.value?.scrollTop ?? 0;
    // Our own scrolling is no news, and must not unstick a view that has grown.
    if (Math.abs(top - placedAt) < 1) return;
    placedAt = Number.NaN;
    note();
    place.moved();
  };

  const observer = new ResizeObserver(() => {
    restore();
    place.moved();
  });
  onMounted(() => {
    const { scroller, list } = place;
    if (scroller.value === null || list.value === null) return;
    scroller.value.addEventListener("scroll", scrolled, { passive: true });
    observer.observe(scroller.value);
    observer.observe(list.value);
  });
  onScopeDispose(() => observer.disconnect());

  return {
    isStuck: readonly(isStuck),
    takeIn,
    restore,
    toBottom,
    toAnchor,
    anchor: () => anchor,
    distances: () => distances(place.scroller.value),
  };
}

function distances(scroller: HTMLElement | null): {
  above: number;
  below: number;
  view: number;
} {
  if (scroller === null) return { above: 0, below: 0, view: 0 };
  const { scrollTop, scrollHeight, clientHeight } = scroller;
  return {
    above: scrollTop,
    below: scrollHeight - clientHeight - scrollTop,
    view: clientHeight,
  };
}

/**
 * The first message that is wholly in view, or the one that fills it. Dividers
 * do not serve: they go elsewhere when what stands above them becomes known.
 */
function firstInView(
  scroller: HTMLElement,
  list: HTMLElement,
): Anchor | undefined {
  const rows = rowsOf(list, "[data-cid]");
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const row = rows[middle];
    if (row !== undefined && offsetIn(scroller, row) < 0) low = middle + 1;
    else high = middle;
  }
  const row = rows[Math.min(low, rows.length - 1)];
  const key = row?.dataset["key"];
  if (row === undefined || key === undefined) return undefined;
  return { key, offset: offsetIn(scroller, row) };
}

function rowWithKey(
  list: HTMLElement | null,
  key: string,
): HTMLElement | undefined {
  return list === null
    ? undefined
    : rowsOf(list, "[data-key]").find((row) => row.dataset["key"] === key);
}

function rowsOf(list: HTMLElement, kind: string): HTMLElement[] {
  return Array.from(list.querySelectorAll<HTMLElement>(`:scope > ${kind}`));
}

function offsetIn(scroller: HTMLElement, row: HTMLElement): number {
  return row.getBoundingClientRect().top - scroller.getBoundingClientRect().top;
}

/** Somebody is marking text: it must not run away under the pointer (S10). */
function holdsSelection(list: HTMLElement): boolean {
  const selection = getSelection();
  return (
    selection !== null &&
    !selection.isCollapsed &&
    list.contains(selection.anchorNode)
  );
}
