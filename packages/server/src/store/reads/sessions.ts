import { sql, type Kysely } from "kysely";
import type { Connection } from "../connection.ts";
import { asMe } from "../person-row.ts";
import { overRows } from "../prepared.ts";
import type { Schema } from "../schema.ts";
import type { SessionRow } from "../store.ts";

const findSessions = overRows<
  Parameters<typeof asMe>[0] & Omit<SessionRow, "me"> & { tokenHash: string }
>(
  ["text"],
  (rows) => sql`
    with asked (token_hash) as (${rows})
    select people.id, people.name, people.role, people.username,
      people.email, people.bound, people.suspended_at,
      sessions.token_hash as "tokenHash",
      sessions.created_at as "createdAt",
      sessions.used_at as "usedAt",
      sessions.expires_at as "expiresAt",
      sessions.confirmed_at as "confirmedAt"
    from asked
    join sessions on sessions.token_hash = asked.token_hash
    join people on people.id = sessions.person`,
);

/** The sessions with these hashes, and the person each belongs to. */
export async function sessions(
  connection: Connection,
  tokenHashes: readonly string[],
): Promise<Map<string, SessionRow>> {
  const asked = tokenHashes.map((hash) => [hash]);
  const found = new Map<string, SessionRow>();
  for (const row of await findSessions(connection, asked)) {
    const { tokenHash, createdAt, usedAt, expiresAt, confirmedAt, ...person } =
      row;
    const me = asMe(person);
    const times = { createdAt, usedAt, expiresAt, confirmedAt };
    found.set(tokenHash, { me, ...times });
  }
  return found;
}

export async function email(
  db: Kysely<Schema>,
  person: string,
): Promise<string | undefined> {
  const row = await db
    .selectFrom("people")
    .select("email")
    .where("id", "=", person)
    .executeTakeFirst();
  return row?.email;
}
