import type { Message } from "@parley/client";
import { computed, shallowRef, type ComputedRef } from "vue";

interface Missed {
  /** How many messages of others came since the bottom was in view. */
  count: ComputedRef<number>;
  /** The bottom is in view. */
  seeAll: () => void;
}

/** What the pill counts while somebody reads further up (S1). */
export function useMissed(
  messages: () => readonly Message[],
  me: () => string,
): Missed {
  const seenUpTo = shallowRef(0);
  return {
    count: computed(() => {
      let count = 0;
      for (let index = messages().length - 1; index >= 0; index -= 1) {
        const message = messages()[index];
        if (message === undefined || message.seq <= seenUpTo.value) break;
        if (message.by !== me()) count += 1;
      }
      return count;
    }),
    seeAll: () => {
      seenUpTo.value = messages().at(-1)?.seq ?? 0;
    },
  };
}
