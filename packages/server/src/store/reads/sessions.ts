import { sql, type Kysely } from "kysely";
import type { Me } from "@parley/protocol";
import type { Connection } from "../connection.ts";
import { prepared } from "../prepared.ts";
import type { Schema } from "../schema.ts";
import type { SessionRow } from "../store.ts";

const findSession = prepared<Me & Omit<SessionRow, "me">>(
  (value) => sql`
    select people.id, people.name, people.kind, people.email,
      sessions.created_at as "createdAt",
      sessions.used_at as "usedAt",
      sessions.expires_at as "expiresAt"
    from sessions join people on people.id = sessions.person
    where sessions.token_hash = ${value()}`,
);

/** The session with this hash and the person it belongs to. */
export async function session(
  connection: Connection,
  tokenHash: string,
): Promise<SessionRow | undefined> {
  const [row] = await findSession(connection, [tokenHash]);
  if (row === undefined) return undefined;
  const { createdAt, usedAt, expiresAt, ...me } = row;
  return { me, createdAt, usedAt, expiresAt };
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
