import { computed, type ComputedRef } from "vue";
import { useChat } from "../chat/use-chat.ts";
import { usePreferences } from "../chat/use-preferences.ts";
import { useTitles } from "../chat/use-titles.ts";
import { language } from "../i18n/i18n.ts";
import { useLatest } from "./latest.ts";
import { inOldOrder, sectionsOf } from "./sections.ts";

type Sections = ReturnType<typeof sectionsOf<RoomOfState>>;

/**
 * The rooms of the side in their sections, in the order one has chosen. While
 * they are held none changes its place: one is about to click.
 */
export function useSections(
  open: () => string | undefined,
  isHeld: () => boolean,
): ComputedRef<Sections> {
  const { state } = useChat();
  const { preferences } = usePreferences();
  const { titleOf } = useTitles();
  const latestOf = useLatest(state.value.me.id, () => state.value.rooms);
  const collator = computed(
    () => new Intl.Collator(language.value, { numeric: true }),
  );
  return computed<Sections>((before) => {
    const sorted = sectionsOf(state.value.rooms, {
      order: preferences.value.roomOrder,
      titleOf,
      latestOf,
      open: open(),
      compare: collator.value.compare,
    });
    return isHeld() && before ? inOldOrder(sorted, before) : sorted;
  });
}

type RoomOfState = ReturnType<
  typeof useChat
>["state"]["value"]["rooms"][number];
