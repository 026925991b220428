import {
  nextTick,
  onBeforeUnmount,
  onMounted,
  readonly,
  shallowRef,
  watch,
  type Ref,
} from "vue";
import { keepPlace, keptPlace } from "./kept-places.ts";
import { seqOfRow } from "./rows.ts";
import type { KeepScroll } from "./use-keep-scroll.ts";
import type { Rows } from "./use-rows.ts";

interface Opening {
  /** Whether the rows stand where one begins to read. */
  isPlaced: Readonly<Ref<boolean>>;
  /** While another part is gone to, nothing is put back. */
  isPlacing: Readonly<Ref<boolean>>;
  /** Draws another part and goes there. */
  jump: (draw: () => void, go: () => void) => Promise<void>;
}

/**
 * Opens a room at the first unread message, where one was left, or at the
 * bottom (S6), and keeps where it was left.
 */
export function useOpening(source: {
  stream: () => string;
  isLoaded: () => boolean;
  rows: Rows;
  scroll: KeepScroll;
  /** Sees to it that the first unread message is known, if there is one. */
  findNew: () => Promise<void>;
  /** Called when the place is known, and when it has been gone to. */
  opening: () => void;
  opened: () => void;
}): Opening {
  const { rows, scroll } = source;
  const isPlaced = shallowRef(false);
  const isPlacing = shallowRef(false);
  const newest = (): number => rows.messages.value.at(-1)?.seq ?? 0;

  const jump = async (draw: () => void, go: () => void): Promise<void> => {
    isPlacing.value = true;
    draw();
    await nextTick();
    go();
    isPlacing.value = false;
  };

  const place = async (): Promise<void> => {
    isPlacing.value = true;
    await source.findNew();
    const kept = keptPlace(source.stream());
    source.opening();
    const first = rows.firstNew.value;
    if (first !== undefined) {
      await jump(
        () => rows.drawAround(first),
        () => {
          const offset = scroll.distances().view / 4;
          scroll.toAnchor({ key: "new", offset });
        },
      );
    } else if (kept?.newest === newest()) {
      await jump(
        () => rows.drawAround(kept.seq),
        () => scroll.toAnchor(kept.anchor),
      );
    } else await jump(rows.drawNewest, scroll.toBottom);
    isPlaced.value = true;
    source.opened();
  };

  onMounted(() => {
    watch(
      source.isLoaded,
      (loaded) => {
        if (loaded && !isPlaced.value && !isPlacing.value) void place();
      },
      { immediate: true },
    );
  });

  onBeforeUnmount(() => {
    const anchor = scroll.anchor();
    const seq = seqOfRow(rows.rows.value, anchor?.key);
    const isWorthKeeping =
      anchor !== undefined && seq !== undefined && !scroll.isStuck.value;
    keepPlace(
      source.stream(),
      isWorthKeeping ? { anchor, seq, newest: newest() } : undefined,
    );
  });

  return { isPlaced: readonly(isPlaced), isPlacing: readonly(isPlacing), jump };
}
