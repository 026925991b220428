import type { RoomState } from "@parley/client";
import { computed, type ComputedRef } from "vue";
import { usePeople } from "../chat/use-people.ts";
import { useRights } from "../chat/use-rights.ts";

/** Why one cannot write in a room. */
export type Silence = "archived" | "readOnly" | "blocked";

/** undefined where one can write. */
export function useSilence(
  room: () => RoomState | undefined,
): ComputedRef<Silence | undefined> {
  const { inRoom } = useRights();
  const { isBlocked } = usePeople();
  return computed(() => {
    const here = room();
    if (here === undefined) return undefined;
    if (here.archived) return "archived";
    if (here.readOnly && !inRoom("message.announce", here)) return "readOnly";
    const [other] = here.others;
    const isPair = here.kind === "direct" && here.others.length === 1;
    return isPair && other !== undefined && isBlocked(other)
      ? "blocked"
      : undefined;
  });
}
