import { sql } from "kysely";
import { publicSessionId } from "../session-id.ts";
import { inboxOf } from "../stream-keys.ts";
import { findPerson } from "./rooms.ts";
import { takeOut } from "./take-out.ts";
import { appendEvent, type WriteTransaction } from "./transaction.ts";

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
    .deleteFrom("sessions")
    .where("token_hash", "=", tokenHash)
    .returning("person")
    .executeTakeFirst();
  if (!session) return { person: null };
  const { kind, name, origin } = await findPerson(transaction, session.person);
  if (origin === "page") {
    await appendEvent(transaction, {
      stream: inboxOf(session.person),
      type: "session.ended",
      by: session.person,
      author: name,
      data: { session: publicSessionId(tokenHash) },
    });
  }
  // Asked with the inbox held: another node may be ending another of theirs at
  // this moment, and one of the two has to be the last.
  const other = await db
    .selectFrom("sessions")
    .select("person")
    .where("person", "=", session.person)
    .executeTakeFirst();
  if (!other && kind === "guest") await takeOut(transaction, [session.person]);
  return { person: session.person };
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
