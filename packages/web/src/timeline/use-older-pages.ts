import type { Timeline } from "@parley/client";
import { oldestOf } from "../chat/holes.ts";
import { readonly, shallowRef, watch, type Ref } from "vue";

interface OlderPages {
  /** Whether the last try failed; then nothing is tried by itself. */
  hasFailed: Readonly<Ref<boolean>>;
  /** Loads the page before what is known, unless it is on its way. */
  loadOne: () => Promise<void>;
  /** The same when nothing speaks against it. */
  wantOne: () => void;
}

/** The pages of a room before those that are known, one at a time (S8). */
export function useOlderPages(source: {
  timeline: () => Timeline | undefined;
  isLive: () => boolean;
  loadOlder: () => Promise<void>;
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
  };
}
