import type { RoomState } from "@parley/client";
import { computed } from "vue";
import { language, t } from "../i18n/i18n.ts";
import { usePeople } from "./use-people.ts";

const collator = computed(() => new Intl.Collator(language.value));

interface Titles {
  titleOf: (
    room: Pick<RoomState, "kind" | "name" | "others"> | undefined,
  ) => string;
  /** Whose picture stands before it: of whom a direct room names first. */
  faceOf: (room: Pick<RoomState, "kind" | "others">) => string | undefined;
}

/** What a room is called: a direct one is the people in it. */
export function useTitles(): Titles {
  const { nameOf } = usePeople();
  // By name: the order they come in means nothing to anybody.
  const named = (others: readonly string[]): { id: string; name: string }[] =>
    others
      .map((id) => ({ id, name: nameOf(id) }))
      .filter(({ name }) => name !== "")
      .sort((one, other) => collator.value.compare(one.name, other.name));
  return {
    titleOf: (room) => {
      if (room === undefined) return "";
      if (room.kind !== "direct") return room.name;
      const names = named(room.others).map(({ name }) => name);
      return names.length === 0 ? t("emptyDirect") : names.join(t("listComma"));
    },
    faceOf: ({ kind, others }) =>
      kind === "direct" ? (named(others)[0]?.id ?? others[0]) : undefined,
  };
}
