import type { Kysely } from "kysely";
import type { OwnRow } from "../people-reads.ts";
import { asMe, personColumns } from "../person-row.ts";
import { readPreferences } from "../preferences-row.ts";
import type { Schema } from "../schema.ts";

/** Oneself, as one is at this moment. */
export async function own(
  db: Kysely<Schema>,
  person: string,
): Promise<OwnRow | undefined> {
  const row = await db
    .selectFrom("people")
    .select([...personColumns, "email", "bound", "preferences"])
    .where("id", "=", person)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  return { me: asMe(row), preferences: readPreferences(row.preferences) };
}

/** Whose direct messages this one does not take. */
export async function blockedBy(
  db: Kysely<Schema>,
  person: string,
): Promise<string[]> {
  const rows = await db
    .selectFrom("blocks")
    .select("blocked")
    .where("person", "=", person)
    .orderBy("blocked")
    .execute();
  return rows.map(({ blocked }) => blocked);
}
