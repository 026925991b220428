import type { ChatState } from "@parley/client";
import { watchEffect, type Ref } from "vue";
import { unreadLabel } from "./unread-label.ts";

/** The tab says how much is unread, and where one is. */
export function showInTitle(
  state: Readonly<Ref<ChatState>>,
  stream: () => string | undefined,
): void {
  watchEffect((onCleanup) => {
    const { rooms, server } = state.value;
    const total = rooms.reduce((sum, { unread }) => sum + unread, 0);
    const name = rooms.find((room) => room.stream === stream())?.name;
    const place = name === undefined ? server : `${name} · ${server}`;
    document.title = total > 0 ? `(${unreadLabel(total)}) ${place}` : place;
    onCleanup(() => {
      document.title = server;
    });
  });
}
