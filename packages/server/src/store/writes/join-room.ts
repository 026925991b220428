import { mayInPlace, ParleyError, type CommandResult } from "@parley/protocol";
import { findActor } from "./actors.ts";
import { findEarlierCommand } from "./earlier-command.ts";
import { enterRoom, expectSignedIn } from "./membership.ts";
import { findVisibleRoom, headOf, roomFacts } from "./rooms.ts";
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
  const earlier = await findEarlierCommand(transaction, {
    by,
    cid,
    type: "member.joined",
    stream,
    isSame: ({ person }) => person.id === by,
  });
  if (earlier) return { cid, ...earlier, repeated: true };
  const actor = await findActor(transaction, by);
  const { person } = actor;
  const { room, member } = await findVisibleRoom(transaction, actor, stream);
  if (member !== undefined) {
    const seq = await headOf(transaction, stream);
    return { cid, stream, seq, repeated: true };
  }
  if (!mayInPlace(actor, "room.join")) throw new ParleyError("not_found");
  if (room.archived_at !== null) throw new ParleyError("archived");
  await expectSignedIn(transaction, person);
  const { head: seq } = await enterRoom(transaction, {
    room: roomFacts(room),
    person,
    cid,
  });
  return { cid, stream, seq };
}
