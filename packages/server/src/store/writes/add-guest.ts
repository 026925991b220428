import type { Person } from "@parley/protocol";
import type { Schema } from "../schema.ts";
import { inboxOf } from "../stream-keys.ts";
import { enterRoom } from "./membership.ts";
import { findRoom } from "./rooms.ts";
import type { WriteTransaction } from "./transaction.ts";

export interface GuestToAdd {
  id: string;
  name: string;
  email: string;
  lobby: string;
  origin: Schema["people"]["origin"];
  /** What lets them come back, from the page … */
  session?: { tokenHash: string; expiresAt: number };
  /** … and, on the simple wire, what says that they are there (leases.ts). */
  lease?: { tokenHash: string; forMs: number };
}

/**
 * A new guest, in the lobby, signed in when there is a session. The same guest
 * a second time is there already: a commit whose answer was lost is repeated.
 */
export async function addGuest(
  transaction: WriteTransaction,
  { id, name, email, lobby, origin, session, lease }: GuestToAdd,
): Promise<Person> {
  const { db, now } = transaction;
  const person: Person = { id, name, kind: "guest" };
  const added = await db
    .insertInto("people")
    .values({ ...person, email, origin, created_at: now })
    .onConflict((conflict) => conflict.doNothing())
    .returning("id")
    .executeTakeFirst();
  if (added === undefined) return person;

  const ends = [
    ...(session ? [{ hash: session.tokenHash, at: session.expiresAt }] : []),
    ...(lease ? [{ hash: lease.tokenHash, at: now + lease.forMs }] : []),
  ];
  for (const { hash, at } of ends) {
    await db
      .insertInto("sessions")
      .values({
        token_hash: hash,
        person: id,
        created_at: now,
        used_at: now,
        expires_at: at,
      })
      .execute();
  }
  if (session) {
    await db
      .insertInto("streams")
      .values({ id: inboxOf(id), head: 0, last_at: 0 })
      .execute();
  }
  await enterRoom(transaction, {
    room: await findRoom(transaction, lobby),
    person,
    hasInbox: session !== undefined,
  });
  return person;
}
