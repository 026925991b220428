import type { Message } from "@parley/client";
import { shallowRef, watch, type Ref } from "vue";

interface Voice {
  messages: () => readonly Message[];
  /** False while what was missed is being replayed: that is not read out. */
  isLive: () => boolean;
  me: () => string;
  nameOf: (id: string) => string;
}

/** What a screen reader says: the newest message of others, as it comes (S13). */
export function useAnnouncement(voice: Voice): Readonly<Ref<string>> {
  const announcement = shallowRef("");
  let isFollowing = voice.messages().length > 0;
  watch(
    () => voice.messages().at(-1),
    (newest, before) => {
      const isNew =
        newest !== undefined && newest.seq > (before?.seq ?? 0) && isFollowing;
      isFollowing = true;
      if (
        !isNew ||
        newest.deleted ||
        !voice.isLive() ||
        newest.by === voice.me()
      )
        return;
      announcement.value = `${voice.nameOf(newest.by)}: ${newest.text}`;
    },
  );
  return announcement;
}
