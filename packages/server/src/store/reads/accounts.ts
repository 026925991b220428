import type { Kysely } from "kysely";
import { folded } from "../../names/folded.ts";
import type {
  CredentialRow,
  OwnSessionRow,
  ResetLinkRow,
} from "../account-reads.ts";
import type { Schema } from "../schema.ts";

/** More are nobody's browsers, and nobody reads a longer list. */
const sessionsMax = 200;

export function credentialFor(
  db: Kysely<Schema>,
  login: string,
): Promise<CredentialRow | undefined> {
  // No user name has an @, and every address has one.
  const isAddress = login.includes("@");
  return db
    .selectFrom("people")
    .innerJoin("credentials", "credentials.subject", "people.id")
    .where("credentials.kind", "=", "password")
    .where(isAddress ? "email_key" : "username", "=", folded(login))
    .select(["people.id as person", "secret"])
    .orderBy("people.created_at")
    .orderBy("people.id")
    .limit(1)
    .executeTakeFirst();
}

export async function secretOf(
  db: Kysely<Schema>,
  person: string,
): Promise<string | undefined> {
  const row = await db
    .selectFrom("credentials")
    .select("secret")
    .where("kind", "=", "password")
    .where("subject", "=", person)
    .executeTakeFirst();
  return row?.secret;
}

export function sessionsOf(
  db: Kysely<Schema>,
  { person, now }: { person: string; now: number },
): Promise<OwnSessionRow[]> {
  return db
    .selectFrom("sessions")
    .select([
      "token_hash as tokenHash",
      "agent",
      "created_at as createdAt",
      "used_at as usedAt",
    ])
    .where("person", "=", person)
    .where("expires_at", ">", now)
    .orderBy("used_at", "desc")
    .orderBy("token_hash")
    .limit(sessionsMax)
    .execute();
}

export function resetLink(
  db: Kysely<Schema>,
  { tokenHash, now }: { tokenHash: string; now: number },
): Promise<ResetLinkRow | undefined> {
  return db
    .selectFrom("links")
    .innerJoin("people", "people.id", "links.person")
    .where("token_hash", "=", tokenHash)
    .where("purpose", "=", "reset")
    .where("expires_at", ">", now)
    .where("suspended_at", "is", null)
    .select(["people.id as person", "email"])
    .select((query) =>
      query.fn.coalesce("username", query.val("")).as("username"),
    )
    .executeTakeFirst();
}
