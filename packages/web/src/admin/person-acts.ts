import {
  mayGrant,
  mayInPlace,
  roleOf,
  roles,
  standsAbove,
  type Me,
} from "@parley/protocol";
import type { PersonEntry } from "../chat/use-administration.ts";

/** What can be done to somebody. */
export type PersonAct = "role" | "reset" | "sessions" | "suspend";

/** What oneself can do to this person; nothing to oneself, or upwards. */
export function actsOn(
  me: Pick<Me, "id" | "kind" | "rank">,
  { id, role }: Pick<PersonEntry, "id" | "role">,
): readonly PersonAct[] {
  if (id === me.id || role === "bot") return [];
  const own = roleOf(me);
  const isAbove = standsAbove(own, role);
  const may = (right: Parameters<typeof mayInPlace>[1]): boolean =>
    isAbove && mayInPlace({ role: own }, right);
  const isThere: Record<PersonAct, boolean> = {
    role: roles.some((other) => other !== role && mayGrant(own, role, other)),
    reset: may("person.reset") && role !== "guest",
    sessions: may("person.sessions"),
    suspend: may("person.suspend"),
  };
  return (Object.keys(isThere) as PersonAct[]).filter((act) => isThere[act]);
}
