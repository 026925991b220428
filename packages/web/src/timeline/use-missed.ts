import type { Hole, Message } from "@parley/client";
import { computed, shallowRef, type ComputedRef } from "vue";

interface Missed {
  /** How many messages of others came since the bottom was in view. */
  count: ComputedRef<number>;
  /** Whether there may be more of them, in what is not known. */
  isAtLeast: ComputedRef<boolean>;
  /** The bottom is in view. */
  seeAll: () => void;
}

/** What the pill counts while somebody reads further up (S1). */
export function useMissed(
  messages: () => readonly Message[],
  holes: () => readonly Hole[],
  me: () => string,
): Missed {
  const seenUpTo = shallowRef(0);
  return {
    count: computed(() => {
      let count = 0;
      for (let index = messages().length - 1; index >= 0; index -= 1) {
        const message = messages()[index];
        if (message === undefined || message.seq <= seenUpTo.value) break;
        if (message.by !== me() && message.deleted !== true) count += 1;
      }
      return count;
    }),
    isAtLeast: computed(() =>
      holes().some(({ upTo }) => upTo > seenUpTo.value),
    ),
    seeAll: () => {
      seenUpTo.value = messages().at(-1)?.seq ?? 0;
    },
  };
}
