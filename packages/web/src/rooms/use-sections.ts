import { computed, type ComputedRef } from "vue";
import { useChat } from "../chat/use-chat.ts";
import { usePreferences } from "../chat/use-preferences.ts";
import { useTitles } from "../chat/use-titles.ts";
import { language } from "../i18n/i18n.ts";
import { useLatest } from "./latest.ts";
import { sectionsOf } from "./sections.ts";

/** The rooms of the side in their sections, in the order one has chosen. */
export function useSections(
  open: () => string | undefined,
): ComputedRef<ReturnType<typeof sectionsOf<RoomOfState>>> {
  const { state } = useChat();
  const { preferences } = usePreferences();
  const { titleOf } = useTitles();
  const latestOf = useLatest(state.value.me.id, () => state.value.rooms);
  const collator = computed(
    () => new Intl.Collator(language.value, { numeric: true }),
  );
  return computed(() =>
    sectionsOf(state.value.rooms, {
      order: preferences.value.roomOrder,
      titleOf,
      latestOf,
      open: open(),
      compare: collator.value.compare,
    }),
  );
}

type RoomOfState = ReturnType<
  typeof useChat
>["state"]["value"]["rooms"][number];
