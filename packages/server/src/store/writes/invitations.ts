import {
  isAtLeast,
  mayInPlace,
  ParleyError,
  type Role,
} from "@parley/protocol";
import { roomsFor } from "../reads/invitations-in-force.ts";
import { noteAct } from "./acts.ts";
import { demandInPlace, findActor, type Acting } from "./actors.ts";
import type { WriteTransaction } from "./transaction.ts";

export interface InvitationToMake {
  id: string;
  tokenHash: string;
  by: string;
  role: Role;
  /** Whoever comes with it sees its rooms and nothing else. */
  bound: boolean;
  rooms: readonly string[];
  /** Null: any number. */
  uses: number | null;
  /** Null: it does not run out. */
  forMs: number | null;
  note: string;
}

/** An invitation, up to one's own role, into rooms that one may let others into. */
export async function makeInvitation(
  transaction: WriteTransaction,
  invitation: InvitationToMake,
): Promise<null> {
  const { db, now } = transaction;
  const { id, by, role, bound, uses, forMs, note } = invitation;
  const actor = await findActor(transaction, by);
  demandInPlace(actor, "invitation.make");
  // Bots are made by other means, and are never more than members.
  if (role === "bot" || !isAtLeast(actor.role, role)) {
    throw new ParleyError("forbidden");
  }
  const rooms = [...new Set(invitation.rooms)];
  const isBoundNowhere = bound && (role !== "guest" || rooms.length === 0);
  if (isBoundNowhere) throw new ParleyError("invalid_value");
  await demandRooms(transaction, actor, rooms);
  const made = await db
    .insertInto("invitations")
    .values({
      ...{ id, token_hash: invitation.tokenHash, made_by: by, role, note },
      bound: bound ? 1 : 0,
      rooms: JSON.stringify(rooms),
      uses_left: uses,
      used: 0,
      created_at: now,
      expires_at: forMs === null ? null : now + forMs,
    })
    .onConflict((conflict) => conflict.column("id").doNothing())
    .returning("id")
    .executeTakeFirst();
  // The answer of its commit was lost, and it is done again.
  if (made === undefined) return null;
  await noteAct(transaction, actor.person, {
    act: "invitation.made",
    detail: { invitation: id, role, ...(bound ? { bound } : {}) },
  });
  return null;
}

async function demandRooms(
  { db }: WriteTransaction,
  { person, role, bound }: Acting,
  streams: readonly string[],
): Promise<void> {
  const found = await roomsFor(db, { id: person.id, role, bound }, streams);
  const seen = found.filter(({ isSeen }) => isSeen);
  if (seen.length < streams.length) throw new ParleyError("not_found");
  if (seen.some(({ isArchived }) => isArchived)) {
    throw new ParleyError("archived");
  }
  if (!seen.every(({ isOpen }) => isOpen)) throw new ParleyError("forbidden");
}

/** Takes an invitation back: one's own, or, as an administrator, anybody's. */
export async function revokeInvitation(
  transaction: WriteTransaction,
  { by, id }: { by: string; id: string },
): Promise<null> {
  const { db, now } = transaction;
  const actor = await findActor(transaction, by);
  demandInPlace(actor, "invitation.make");
  const row = await db
    .selectFrom("invitations")
    .select(["made_by", "revoked_at"])
    .where("id", "=", id)
    .executeTakeFirst();
  const isSeen =
    row !== undefined &&
    (row.made_by === by || mayInPlace(actor, "person.role"));
  if (!isSeen) throw new ParleyError("not_found");
  if (row.revoked_at !== null) return null;
  await db
    .updateTable("invitations")
    .set({ revoked_at: now })
    .where("id", "=", id)
    .execute();
  await noteAct(transaction, actor.person, {
    act: "invitation.revoked",
    detail: { invitation: id },
  });
  return null;
}
