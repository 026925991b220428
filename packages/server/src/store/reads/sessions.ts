import type { Kysely } from "kysely";
import type { Schema } from "../schema.ts";
import type { SessionRow } from "../store.ts";

/** The session with this hash and the person it belongs to. */
export async function session(
  db: Kysely<Schema>,
  tokenHash: string,
): Promise<SessionRow | undefined> {
  const row = await db
    .selectFrom("sessions")
    .innerJoin("people", "people.id", "sessions.person")
    .select([
      "people.id",
      "people.name",
      "people.kind",
      "people.email",
      "sessions.used_at as usedAt",
      "sessions.expires_at as expiresAt",
    ])
    .where("sessions.token_hash", "=", tokenHash)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const { usedAt, expiresAt, ...me } = row;
  return { me, usedAt, expiresAt };
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
