import type { ChatState } from "@parley/client";
import { watchEffect, type Ref } from "vue";
import { useTitles } from "../chat/use-titles.ts";
import { unreadLabel } from "./unread-label.ts";

/** The tab says how much is unread, and where one is. */
export function showInTitle(
  state: Readonly<Ref<ChatState>>,
  stream: () => string | undefined,
): void {
  const { titleOf } = useTitles();
  watchEffect((onCleanup) => {
    const { rooms, server } = state.value;
    const heard = rooms.filter(({ muted }) => !muted);
    const total = heard.reduce((sum, { unread }) => sum + unread, 0);
    const open = rooms.find((room) => room.stream === stream());
    const place = open === undefined ? server : `${titleOf(open)} · ${server}`;
    document.title = total > 0 ? `(${unreadLabel(total)}) ${place}` : place;
    onCleanup(() => {
      document.title = server;
    });
  });
}
