import type { Hole, HoleEnd, Timeline } from "@parley/client";
import { holesOf, oldestOf } from "../chat/holes.ts";
import { nextTick, readonly, shallowRef, watch, type Ref } from "vue";

interface OlderPages {
  /** Whether the last try failed; then nothing is tried by itself. */
  hasFailed: Readonly<Ref<boolean>>;
  /** Loads the page before what is known, unless it is on its way. */
  loadOne: () => Promise<void>;
  /** The same when nothing speaks against it. */
  wantOne: () => void;
  /** Loads until this number is known, if that takes no more than so many pages. */
  reach: (seq: number, pagesMax: number) => Promise<void>;
}

/** The pages of a room before those that are known, one at a time (S8). */
export function useOlderPages(source: {
  timeline: () => Timeline | undefined;
  isLive: () => boolean;
  loadOlder: () => Promise<void>;
  /** False when it failed. */
  fill: (hole: Hole, end: HoleEnd) => Promise<boolean>;
}): OlderPages {
  const hasFailed = shallowRef(false);

  const loadOne = async (): Promise<void> => {
    hasFailed.value = false;
    try {
      await source.loadOlder();
    } catch {
      hasFailed.value = true;
    }
  };

  const hasMore = (): boolean => {
    const timeline = source.timeline();
    return timeline?.status === "loaded" && oldestOf(timeline) > 1;
  };

  // A connection that is back may have what it could not give before.
  watch(source.isLive, () => {
    hasFailed.value = false;
  });

  return {
    hasFailed: readonly(hasFailed),
    loadOne,
    wantOne: () => {
      const isLoading = source.timeline()?.isLoadingOlder === true;
      if (hasMore() && !isLoading && !hasFailed.value) void loadOne();
    },
    reach: async (seq, pagesMax) => {
      for (let page = 0; page < pagesMax; page += 1) {
        const timeline = source.timeline();
        if (timeline === undefined || hasFailed.value) return;
        const hole = holesOf(timeline).find(
          ({ after, upTo }) => after < seq && seq <= upTo,
        );
        if (hole !== undefined) {
          if (!(await source.fill(hole, endNear(hole, seq)))) return;
        } else if (oldestOf(timeline) > seq && hasMore()) await loadOne();
        else return;
        // The screen's copy of the state follows at the end of the turn.
        await nextTick();
      }
    },
  };
}

function endNear({ after, upTo }: Hole, seq: number): HoleEnd {
  return seq - after <= upTo - seq + 1 ? "after" : "upTo";
}
