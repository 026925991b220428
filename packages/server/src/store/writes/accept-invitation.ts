import { ParleyError } from "@parley/protocol";
import { invitationInForce } from "../reads/invitations-in-force.ts";
import { findActor } from "./actors.ts";
import { enterFirstRooms } from "./enter-rooms.ts";
import { expectSignedIn } from "./membership.ts";
import { findMember } from "./rooms.ts";
import type { WriteTransaction } from "./transaction.ts";
import { useInvitation } from "./use-invitation.ts";

export interface InvitationToAccept {
  by: string;
  /** The hash of its token. */
  invitation: string;
  /**
   * The rooms that it leads to, as far as was known before: they are held from
   * the beginning.
   */
  rooms: readonly string[];
}

/**
 * Lets somebody who is here already into the rooms of an invitation, as who
 * they are: it gives nobody another role. Where they are in all of them it is
 * not used, so that once is enough however often it is asked.
 */
export async function acceptInvitation(
  transaction: WriteTransaction,
  { by, invitation }: InvitationToAccept,
): Promise<{ rooms: string[] }> {
  const { db, now } = transaction;
  const { person, role } = await findActor(transaction, by);
  await expectSignedIn(transaction, person);
  // Also one that is used up by now: it may have been by them.
  const found = await invitationInForce(db, {
    ...{ tokenHash: invitation, now, isUsed: true },
  });
  if (found === undefined) throw new ParleyError("invite_invalid");
  // It makes an account, which is made at the door.
  if (role === "guest" && found.role !== "guest") {
    throw new ParleyError("forbidden");
  }
  const rooms = found.rooms.map(({ stream }) => stream);
  const missing: string[] = [];
  for (const stream of rooms) {
    const member = await findMember(transaction, stream, by);
    if (member === undefined) missing.push(stream);
  }
  if (missing.length === 0) return { rooms };
  await useInvitation(transaction, invitation);
  await enterFirstRooms(transaction, person, {
    ...{ invited: missing, by: found.by },
  });
  return { rooms };
}
