import { sql } from "kysely";
import { publicSessionId } from "../session-id.ts";
import { inboxOf } from "../stream-keys.ts";
import { findSomebody, type Acting } from "./actors.ts";
import { holdStreams } from "./hold-streams.ts";
import { takeOut } from "./take-out.ts";
import { appendEvents, type WriteTransaction } from "./transaction.ts";

/**
 * Ends a session, and says so in the person's inbox: whichever node they are
 * connected to hears that, at once or when it finds the hole, and closes the
 * session's sockets. A guest has no way back, so with the last session
 * they leave their rooms; what they said stays.
 */
export async function endSession(
  transaction: WriteTransaction,
  { tokenHash }: { tokenHash: string },
): Promise<{ person: string | null }> {
  const { db } = transaction;
  const session = await db
    .selectFrom("sessions")
    .select("person")
    .where("token_hash", "=", tokenHash)
    .executeTakeFirst();
  if (!session) return { person: null };
  const { person } = session;
  // Everything else with the inbox held: another node may be ending another of
  // theirs at this moment, and one of the two has to be the last; or be making
  // an account of the guest. Whoever ends sessions takes hold of the inbox
  // before the sessions, or two would wait for each other.
  await holdStreams(transaction, [inboxOf(person)]);
  const owner = await findSomebody(transaction, person);
  const ended = await db
    .deleteFrom("sessions")
    .where("token_hash", "=", tokenHash)
    .returning("person")
    .executeTakeFirst();
  if (!ended || owner === undefined) return { person: null };
  await tellEnd(transaction, owner, [tokenHash]);
  const other = await db
    .selectFrom("sessions")
    .select("person")
    .where("person", "=", person)
    .executeTakeFirst();
  if (!other && owner.role === "guest") await takeOut(transaction, [person]);
  return { person };
}

/**
 * Ends all sessions of a person, but for one if it is given. Answers the public
 * ids of those that ended. That a guest leaves their rooms with the last one is
 * the caller's to see to: they may be about to get another.
 */
export async function endSessionsOf(
  transaction: WriteTransaction,
  owner: Acting,
  { except = "" }: { except?: string | undefined } = {},
): Promise<string[]> {
  const { id } = owner.person;
  await holdStreams(transaction, [inboxOf(id)]);
  const ended = await transaction.db
    .deleteFrom("sessions")
    .where("person", "=", id)
    .where("token_hash", "<>", except)
    .returning("token_hash")
    .execute();
  const hashes = ended.map(({ token_hash }) => token_hash);
  await tellEnd(transaction, owner, hashes);
  return hashes.map(publicSessionId);
}

async function tellEnd(
  transaction: WriteTransaction,
  { person, origin }: Acting,
  tokenHashes: readonly string[],
): Promise<void> {
  if (origin !== "page") return;
  await appendEvents(
    transaction,
    tokenHashes.map((hash) => ({
      stream: inboxOf(person.id),
      type: "session.ended",
      by: person.id,
      author: person.name,
      data: { session: publicSessionId(hash) },
    })),
  );
}

/** Notes that a session is in use, which puts off its end. */
export async function touchSession(
  { db, now }: WriteTransaction,
  { tokenHash, expiresAt }: { tokenHash: string; expiresAt: number },
): Promise<null> {
  await db
    .updateTable("sessions")
    .set({
      used_at: now,
      // Two nodes may say so at once; the later end holds.
      expires_at: sql<number>`case when expires_at > ${expiresAt}
        then expires_at else ${expiresAt} end`,
    })
    .where("token_hash", "=", tokenHash)
    .execute();
  return null;
}
