import { ParleyError, type CommandResult } from "@parley/protocol";
import { findEarlierCommand } from "./earlier-command.ts";
import type { RoomChange } from "./join-room.ts";
import { exitRoom } from "./membership.ts";
import { findPerson, findRoom, headOf } from "./rooms.ts";
import type { WriteTransaction } from "./transaction.ts";

/** Takes a person out of a room. The lobby is where everybody is: `forbidden`. */
export async function leaveRoom(
  transaction: WriteTransaction,
  { stream, by, cid }: RoomChange,
): Promise<CommandResult<"room.leave">> {
  const room = await findRoom(transaction, stream);
  if (room.kind === "lobby") throw new ParleyError("forbidden");
  const person = await findPerson(transaction, by);
  const earlier = await findEarlierCommand(transaction, {
    by,
    cid,
    type: "member.left",
    stream,
  });
  if (earlier) return { cid, ...earlier, repeated: true };
  const left = await exitRoom(transaction, { stream, person, cid });
  if (left === undefined) {
    const seq = await headOf(transaction, stream);
    return { cid, stream, seq, repeated: true };
  }
  return { cid, stream, seq: left.head };
}
