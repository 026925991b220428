import { leaveAllRooms } from "./end-session.ts";
import type { WriteTransaction } from "./transaction.ts";

/** Guests handled per transaction, so that a sweep never holds up the posts. */
const guestsMax = 50;

/**
 * Takes guests who cannot come back out of their rooms: those whose session is
 * over, and, when `simpleWire` says that no such connection can be left (at
 * start), those of the simple wire. Answers whether there may be more.
 */
export async function sweepGuests(
  transaction: WriteTransaction,
  { simpleWire }: { simpleWire: boolean },
): Promise<{ isDone: boolean }> {
  const { db, now } = transaction;
  await db.deleteFrom("sessions").where("expires_at", "<=", now).execute();
  const lost = await db
    .selectFrom("members")
    .innerJoin("people", "people.id", "members.person")
    .leftJoin("sessions", "sessions.person", "people.id")
    .where("people.kind", "=", "guest")
    .where("sessions.person", "is", null)
    .$if(!simpleWire, (query) => query.where("people.origin", "=", "page"))
    .select("people.id as person")
    .distinct()
    .limit(guestsMax)
    .execute();
  for (const guest of lost) await leaveAllRooms(transaction, guest);
  return { isDone: lost.length < guestsMax };
}
