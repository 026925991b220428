import { newToken } from "../../identifiers.ts";
import type { WriteTransaction } from "./transaction.ts";

export interface PasswordToStore {
  person: string;
  /** The password's hash. */
  secret: string;
}

/**
 * What somebody signs in with from now on. Every link to choose a password
 * ends with it: the one that was used, and one that somebody else may have.
 */
export async function storeCredential(
  { db, now }: WriteTransaction,
  { person, secret }: PasswordToStore,
): Promise<void> {
  await db
    .insertInto("credentials")
    .values({
      ...{ id: `c_${newToken(10)}`, person, kind: "password", subject: person },
      ...{ secret, data: "{}", created_at: now, changed_at: now },
    })
    .onConflict((conflict) =>
      conflict
        .columns(["kind", "subject"])
        .doUpdateSet({ secret, changed_at: now }),
    )
    .execute();
  await db
    .deleteFrom("links")
    .where("purpose", "=", "reset")
    .where("person", "=", person)
    .execute();
}

/** The hash of the password that they sign in with at this moment. */
export async function findSecret(
  { db }: WriteTransaction,
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
