import { ParleyError, type Me } from "@parley/protocol";
import { inboxOf } from "../stream-keys.ts";
import { findSomebody } from "./actors.ts";
import { holdStreams } from "./hold-streams.ts";
import { insertSession, type NewSession } from "./insert-session.ts";
import { findSecret } from "./store-credential.ts";
import type { WriteTransaction } from "./transaction.ts";

/** Somebody who has shown the password that belongs to a secret. */
export interface Shown {
  person: string;
  /** The secret that it was compared with. */
  secret: string;
}

/**
 * Signs somebody in, if what they have shown still is their password: it may
 * have been changed while it was compared, which ended all their sessions.
 */
export async function signIn(
  transaction: WriteTransaction,
  { person, secret, session }: Shown & { session: NewSession },
): Promise<Me> {
  const me = await demandShown(transaction, { person, secret });
  await insertSession(transaction, person, { session, isConfirmed: true });
  return me;
}

/** Notes that the one who has this session has shown the password again. */
export async function confirmSession(
  transaction: WriteTransaction,
  { person, secret, tokenHash }: Shown & { tokenHash: string },
): Promise<null> {
  await demandShown(transaction, { person, secret });
  await transaction.db
    .updateTable("sessions")
    .set({ confirmed_at: transaction.now })
    .where("token_hash", "=", tokenHash)
    .where("person", "=", person)
    .execute();
  return null;
}

/**
 * Who they are. Throws `wrong_password` when the secret is theirs no more, and
 * `forbidden` for who is suspended: they have shown that they may know it.
 */
export async function demandShown(
  transaction: WriteTransaction,
  { person, secret }: Shown,
): Promise<Me> {
  // Held, or another node could suspend them or change the password after this
  // was looked at, and end every session but the one that is made next.
  await holdStreams(transaction, [inboxOf(person)]);
  const somebody = await findSomebody(transaction, person);
  const isTheirs = (await findSecret(transaction, person)) === secret;
  if (somebody === undefined || !isTheirs) {
    throw new ParleyError("wrong_password");
  }
  if (somebody.person.suspended) throw new ParleyError("forbidden");
  return somebody.me;
}
