import type { ChatState } from "@parley/client";
import { onScopeDispose, watch, type Ref } from "vue";

/** A room that one has just come into is in the list long before this. */
const patienceMs = 2_000;

/**
 * Calls when the address names a room that is not among one's own: somebody
 * else's, or one that one was taken out of while the page was closed.
 */
export function useUnknownRoom(
  state: Readonly<Ref<ChatState>>,
  stream: () => string | undefined,
  isUnknown: (stream: string) => void,
): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  watch(
    () => {
      const { connection, rooms } = state.value;
      const open = stream();
      const isKnown = rooms.some((room) => room.stream === open);
      // Before it is level with the server, the list may be an old one.
      return connection.status === "live" && !isKnown ? open : undefined;
    },
    (unknown) => {
      clearTimeout(timer);
      if (unknown === undefined) return;
      timer = setTimeout(() => isUnknown(unknown), patienceMs);
    },
    { immediate: true },
  );
  onScopeDispose(() => clearTimeout(timer));
}
