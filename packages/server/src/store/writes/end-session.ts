import { exitRoom } from "./membership.ts";
import { findPerson } from "./rooms.ts";
import type { WriteTransaction } from "./transaction.ts";

/**
 * Ends a session. A guest has no way back, so with the last session they leave
 * their rooms; what they said stays.
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
  const other = await db
    .selectFrom("sessions")
    .select("person")
    .where("person", "=", session.person)
    .executeTakeFirst();
  const { kind } = await findPerson(transaction, session.person);
  if (!other && kind === "guest") await leaveAllRooms(transaction, session);
  return { person: session.person };
}

/** Takes a guest who cannot come back out of every room. */
export async function leaveAllRooms(
  transaction: WriteTransaction,
  { person: id }: { person: string },
): Promise<null> {
  const person = await findPerson(transaction, id);
  const rooms = await transaction.db
    .selectFrom("members")
    .select("stream")
    .where("person", "=", id)
    .execute();
  for (const { stream } of rooms) {
    await exitRoom(transaction, {
      stream,
      person,
      hasInbox: person.origin === "page",
    });
  }
  return null;
}

/** Notes that a session is in use, which puts off its end. */
export async function touchSession(
  { db, now }: WriteTransaction,
  { tokenHash, expiresAt }: { tokenHash: string; expiresAt: number },
): Promise<null> {
  await db
    .updateTable("sessions")
    .set({ used_at: now, expires_at: expiresAt })
    .where("token_hash", "=", tokenHash)
    .execute();
  return null;
}
