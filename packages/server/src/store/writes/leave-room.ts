import { ParleyError, type CommandResult } from "@parley/protocol";
import { findActor } from "./actors.ts";
import { findEarlierCommand } from "./earlier-command.ts";
import type { RoomChange } from "./join-room.ts";
import { exitRoom } from "./membership.ts";
import { findVisibleRoom, headOf, isAllowedIn } from "./rooms.ts";
import type { WriteTransaction } from "./transaction.ts";

/**
 * Takes a person out of a room. The lobby is where everybody is, and a direct
 * room is its people: `forbidden`.
 */
export async function leaveRoom(
  transaction: WriteTransaction,
  { stream, by, cid }: RoomChange,
): Promise<CommandResult<"room.leave">> {
  const earlier = await findEarlierCommand(transaction, {
    by,
    cid,
    type: "member.left",
    stream,
    isSame: ({ person }) => person === by,
  });
  if (earlier) return { cid, ...earlier, repeated: true };
  const actor = await findActor(transaction, by);
  const standing = await findVisibleRoom(transaction, actor, stream);
  const isFixed =
    standing.room.kind === "lobby" || standing.room.kind === "direct";
  if (standing.member === undefined && !isFixed) {
    const seq = await headOf(transaction, stream);
    return { cid, stream, seq, repeated: true };
  }
  if (!isAllowedIn(actor, "room.leave", standing)) {
    throw new ParleyError("forbidden");
  }
  const { person } = actor;
  const left = await exitRoom(transaction, { stream, person, cid });
  const seq = left?.head ?? (await headOf(transaction, stream));
  return { cid, stream, seq };
}
