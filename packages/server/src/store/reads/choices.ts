import type { Preferences } from "@parley/protocol";
import { sql } from "kysely";
import type { Connection } from "../connection.ts";
import { readPreferences } from "../preferences-row.ts";
import { overRows } from "../prepared.ts";

// Nearly everybody leaves it as it is: who has chosen nothing is not a row.
const findChoices = overRows<{ id: string; preferences: string }>(
  ["text"],
  (rows) => sql`
    with asked (id) as (${rows})
    select people.id, people.preferences
    from asked join people on people.id = asked.id
    where people.preferences <> '{}'`,
);

/** What these people have chosen for themselves; who has chosen nothing is left out. */
export async function choices(
  connection: Connection,
  ids: readonly string[],
): Promise<Map<string, Preferences>> {
  const asked = ids.map((id) => [id]);
  const rows = await findChoices(connection, asked);
  return new Map(
    rows.map(({ id, preferences }) => [id, readPreferences(preferences)]),
  );
}
