import type { CommandResult } from "@parley/protocol";
import { findEarlierCommand } from "./earlier-command.ts";
import { enterRoom, expectSignedIn } from "./membership.ts";
import { findMember, findPerson, findRoom, headOf } from "./rooms.ts";
import type { WriteTransaction } from "./transaction.ts";

export interface RoomChange {
  stream: string;
  by: string;
  cid: string;
}

/** Puts a person into a public room. A room that may not be joined is `not_found`. */
export async function joinRoom(
  transaction: WriteTransaction,
  { stream, by, cid }: RoomChange,
): Promise<CommandResult<"room.join">> {
  const room = await findRoom(transaction, stream);
  const { id, name, kind } = await findPerson(transaction, by);
  const earlier = await findEarlierCommand(transaction, {
    by,
    cid,
    type: "member.joined",
    stream,
  });
  if (earlier) return { cid, ...earlier, repeated: true };
  if (await findMember(transaction, stream, by)) {
    const seq = await headOf(transaction, stream);
    return { cid, stream, seq, repeated: true };
  }
  const person = { id, name, kind };
  await expectSignedIn(transaction, person);
  const { head: seq } = await enterRoom(transaction, { room, person, cid });
  return { cid, stream, seq };
}
