import { ParleyError } from "@parley/protocol";
import { invitationInForce } from "../reads/invitations-in-force.ts";
import type { Admission } from "./admission.ts";
import type { WriteTransaction } from "./transaction.ts";

/** Uses an invitation once; `invite_invalid` whatever the reason (T38). */
export async function useInvitation(
  { db, now }: WriteTransaction,
  tokenHash: string,
): Promise<Admission> {
  // First the use: of those who come at the same moment through other nodes,
  // each waits here for the one before, and sees what is left (Q13).
  const used = await db
    .updateTable("invitations")
    .set((eb) => ({
      used: eb("used", "+", 1),
      uses_left: eb("uses_left", "-", 1),
    }))
    .where("token_hash", "=", tokenHash)
    .where((eb) =>
      eb.or([eb("uses_left", "is", null), eb("uses_left", ">", 0)]),
    )
    .returning("id")
    .executeTakeFirst();
  if (used === undefined) throw new ParleyError("invite_invalid");
  const found = await invitationInForce(db, { tokenHash, now, isUsed: true });
  if (found === undefined) throw new ParleyError("invite_invalid");
  const { role, bound, rooms, by } = found;
  return { role, bound, by, rooms: rooms.map(({ stream }) => stream) };
}
