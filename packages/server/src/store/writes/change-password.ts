import { ParleyError, type Me } from "@parley/protocol";
import { inboxOf } from "../stream-keys.ts";
import { findActor, findSomebody } from "./actors.ts";
import { endSessionsOf } from "./end-session.ts";
import { holdStreams } from "./hold-streams.ts";
import { insertSession, type NewSession } from "./insert-session.ts";
import { demandShown, type Shown } from "./sign-in.ts";
import { findSecret, storeCredential } from "./store-credential.ts";
import type { WriteTransaction } from "./transaction.ts";

/** A password that somebody has chosen, and the session that goes on with it. */
interface Chosen {
  person: string;
  /** The new password's hash. */
  chosen: string;
  session: NewSession;
}

/** Another password, for who has shown the one before. All sessions end but a new one. */
export async function changePassword(
  transaction: WriteTransaction,
  { person, secret, chosen, session }: Shown & Chosen,
): Promise<null> {
  // The answer of its commit was lost, and it is done again.
  if ((await findSecret(transaction, person)) === chosen) return null;
  await demandShown(transaction, { person, secret });
  await takePassword(transaction, { person, chosen, session });
  return null;
}

/**
 * Another password, for who has a link for it. The link works once; one that
 * does not exist, has run out or is somebody else's is the same: `link_invalid`.
 */
export async function resetPassword(
  transaction: WriteTransaction,
  { link, person, chosen, session }: Chosen & { link: string },
): Promise<Me> {
  const { db, now } = transaction;
  await holdStreams(transaction, [inboxOf(person)]);
  const somebody = await findSomebody(transaction, person);
  const isRepeated = (await findSecret(transaction, person)) === chosen;
  if (somebody !== undefined && isRepeated) return somebody.me;
  const used = await db
    .deleteFrom("links")
    .where("token_hash", "=", link)
    .where("purpose", "=", "reset")
    .where("person", "=", person)
    .where("expires_at", ">", now)
    .returning("person")
    .executeTakeFirst();
  const isOver = somebody === undefined || somebody.person.suspended === true;
  if (used === undefined || isOver) throw new ParleyError("link_invalid");
  return takePassword(transaction, { person, chosen, session });
}

async function takePassword(
  transaction: WriteTransaction,
  { person, chosen, session }: Chosen,
): Promise<Me> {
  const actor = await findActor(transaction, person);
  await storeCredential(transaction, { person, secret: chosen });
  // Whoever else is signed in may be who knew the password before.
  await endSessionsOf(transaction, actor);
  await insertSession(transaction, person, { session, isConfirmed: true });
  return actor.me;
}
