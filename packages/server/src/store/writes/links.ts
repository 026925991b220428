import { ParleyError } from "@parley/protocol";
import { noteAct } from "./acts.ts";
import { demandInPlace, findActor } from "./actors.ts";
import { demandAbove, findSubject } from "./find-subject.ts";
import { holdPeople } from "./hold-people.ts";
import { hasOwner } from "./owners.ts";
import type { WriteTransaction } from "./transaction.ts";

// Links that work once. Only the hash of what they end with is kept.

/** What a link is made of. */
export interface LinkToMake {
  tokenHash: string;
  forMs: number;
}

/** A link with which somebody with an account chooses a new password. */
export async function makeResetLink(
  transaction: WriteTransaction,
  { by, person, ...link }: LinkToMake & { by: string; person: string },
): Promise<{ expiresAt: number }> {
  await holdPeople(transaction, [person]);
  const actor = await findActor(transaction, by);
  demandInPlace(actor, "person.reset");
  const subject = await findSubject(transaction, person);
  // It opens the account to whoever holds it, so equals make none for equals.
  if (person !== by) demandAbove(actor, subject);
  const hasAccount = subject.role !== "guest" && subject.role !== "bot";
  if (!hasAccount || subject.person.suspended) {
    throw new ParleyError("forbidden");
  }
  const made = await storeResetLink(transaction, person, link);
  await noteAct(transaction, actor.person, { act: "person.reset", person });
  return made;
}

/** Its row, in the place of whatever link they had. */
export async function storeResetLink(
  transaction: WriteTransaction,
  person: string,
  { tokenHash, forMs }: LinkToMake,
): Promise<{ expiresAt: number }> {
  const { db, now } = transaction;
  await forgetOverdue(transaction);
  await db
    .deleteFrom("links")
    .where("purpose", "=", "reset")
    .where("person", "=", person)
    .execute();
  const expiresAt = now + forMs;
  await db
    .insertInto("links")
    .values({
      ...{ token_hash: tokenHash, purpose: "reset", person },
      ...{ created_at: now, expires_at: expiresAt },
    })
    .execute();
  return { expiresAt };
}

/**
 * A link that makes its holder the owner, as long as there is none: null when
 * there is. Those that other nodes made go on to work until one is used.
 */
export async function makeSetupLink(
  transaction: WriteTransaction,
  { tokenHash, forMs }: LinkToMake,
): Promise<{ expiresAt: number } | null> {
  const { db, now } = transaction;
  if (await hasOwner(transaction)) return null;
  await forgetOverdue(transaction);
  const expiresAt = now + forMs;
  await db
    .insertInto("links")
    .values({
      ...{ token_hash: tokenHash, purpose: "setup", person: null },
      ...{ created_at: now, expires_at: expiresAt },
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  return { expiresAt };
}

async function forgetOverdue({ db, now }: WriteTransaction): Promise<void> {
  await db.deleteFrom("links").where("expires_at", "<=", now).execute();
}
