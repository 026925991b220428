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
  /** Absent on the simple wire, whose guests are gone with their connection. */
  session?: { tokenHash: string; expiresAt: number };
}

/** A new guest, in the lobby, signed in when there is a session. */
export async function addGuest(
  transaction: WriteTransaction,
  { id, name, email, lobby, origin, session }: GuestToAdd,
): Promise<Person> {
  const { db, now } = transaction;
  const person: Person = { id, name, kind: "guest" };
  await db
    .insertInto("people")
    .values({ ...person, email, origin, created_at: now })
    .execute();
  if (session) {
    await db
      .insertInto("sessions")
      .values({
        token_hash: session.tokenHash,
        person: id,
        created_at: now,
        used_at: now,
        expires_at: session.expiresAt,
      })
      .execute();
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
