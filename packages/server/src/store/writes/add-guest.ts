import { ParleyError, type Me } from "@parley/protocol";
import type { Schema } from "../schema.ts";
import { findSomebody } from "./actors.ts";
import { admit } from "./admission.ts";
import { demandFreeName } from "./claimed-names.ts";
import { enterFirstRooms } from "./enter-rooms.ts";
import { insertPerson } from "./insert-person.ts";
import { insertSession, type NewSession } from "./insert-session.ts";
import type { WriteTransaction } from "./transaction.ts";

export interface GuestToAdd {
  id: string;
  name: string;
  email: string;
  lobby: string;
  origin: Schema["people"]["origin"];
  /** What lets them come back, from the page … */
  session?: NewSession;
  /** … and, on the simple wire, what says that they are there (leases.ts). */
  lease?: { tokenHash: string; forMs: number };
  /** The hash of the invitation's token that they came with. */
  invitation?: string | undefined;
  /**
   * The rooms that newcomers are put into, and those that the invitation leads
   * to, as far as was known before: they are held from the beginning.
   */
  rooms?: readonly string[];
}

/**
 * A new guest, in the lobby, signed in when there is a session. The same guest
 * a second time is there already: a commit whose answer was lost is repeated,
 * and what let them in is not used twice.
 */
export async function addGuest(
  transaction: WriteTransaction,
  guest: GuestToAdd,
): Promise<Me> {
  const { id, name, email, lobby, origin, session, lease } = guest;
  const { invitation, rooms = [] } = guest;
  const known = await findSomebody(transaction, id);
  if (known !== undefined) return known.me;
  const admission = await admit(transaction, { email, invitation });
  const { role, bound, by } = admission;
  // Such an invitation makes an account, for which something is missing here.
  if (role !== "guest") throw new ParleyError("missing_field");
  await demandFreeName(transaction, name);
  await insertPerson(transaction, { id, name, email, role, bound, origin });
  const sessions = [
    ...(session ? [session] : []),
    ...(lease ? [asSession(lease, transaction)] : []),
  ];
  for (const one of sessions) {
    await insertSession(transaction, id, { session: one, isConfirmed: false });
  }
  await enterFirstRooms(
    transaction,
    { id, name, kind: "guest" },
    {
      ...(bound ? {} : { lobby, defaults: rooms }),
      ...{ invited: admission.rooms, by, hasInbox: origin === "page" },
    },
  );
  return {
    ...{ id, name, kind: "guest", email },
    ...(bound ? { bound } : {}),
  };
}

function asSession(
  { tokenHash, forMs }: NonNullable<GuestToAdd["lease"]>,
  { now }: WriteTransaction,
): NewSession {
  return { tokenHash, expiresAt: now + forMs };
}
