import type { RoomState } from "@parley/client";
import { computed } from "vue";
import { language, t } from "../i18n/i18n.ts";
import { usePeople } from "./use-people.ts";

const collator = computed(() => new Intl.Collator(language.value));

/** What a room is called: a direct one is the people in it. */
export function useTitles(): {
  titleOf: (
    room: Pick<RoomState, "kind" | "name" | "others"> | undefined,
  ) => string;
} {
  const { nameOf } = usePeople();
  return {
    titleOf: (room) => {
      if (room === undefined) return "";
      if (room.kind !== "direct") return room.name;
      // By name: the order they come in means nothing to anybody.
      const names = room.others
        .map(nameOf)
        .filter((name) => name !== "")
        .sort(collator.value.compare);
      return names.length === 0 ? t("emptyDirect") : names.join(t("listComma"));
    },
  };
}
