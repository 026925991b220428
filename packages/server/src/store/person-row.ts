import type { Me, Person, Role } from "@parley/protocol";
import type { Schema } from "./schema.ts";

type PersonRow = Pick<
  Schema["people"],
  "id" | "name" | "role" | "username" | "suspended_at"
>;

/** The columns that `asPerson` reads. */
export const personColumns = [
  "people.id",
  "people.name",
  "people.role",
  "people.username",
  "people.suspended_at",
] as const;

/** What everybody may know of a person. */
export function asPerson({
  id,
  name,
  role,
  username,
  suspended_at,
}: PersonRow): Person {
  return {
    id,
    name,
    ...asKind(role),
    ...(username === null ? {} : { username }),
    ...(suspended_at === null ? {} : { suspended: true }),
  };
}

/** What a person knows of themselves. */
export function asMe(
  row: PersonRow & Pick<Schema["people"], "email" | "bound">,
): Me {
  return {
    ...asPerson(row),
    email: row.email,
    ...(row.bound === 1 ? { bound: true } : {}),
  };
}

/** A role as the wire tells it: what one is, and what one is besides. */
export function asKind(role: Role): Pick<Person, "kind" | "rank"> {
  return role === "guest" || role === "member" || role === "bot"
    ? { kind: role }
    : { kind: "member", rank: role };
}
