import {
  isAtLeast,
  ParleyError,
  roleOf,
  type CommandResult,
} from "@parley/protocol";
import { noteAct } from "./acts.ts";
import { findActor } from "./actors.ts";
import { findSubject } from "./find-subject.ts";
import { findEarlierCommand } from "./earlier-command.ts";
import type { RoomChange } from "./join-room.ts";
import { exitRoom } from "./membership.ts";
import { demandInRoom, findMember, headOf } from "./rooms.ts";
import type { WriteTransaction } from "./transaction.ts";

/** Takes somebody out of a room. Nobody takes out who stands above them. */
export async function removeFromRoom(
  transaction: WriteTransaction,
  { stream, by, cid, person: id }: RoomChange & { person: string },
): Promise<CommandResult<"room.remove">> {
  const earlier = await findEarlierCommand(transaction, {
    by,
    cid,
    type: "member.left",
    stream,
    isSame: ({ person }) => person === id,
  });
  if (earlier) return { cid, ...earlier, repeated: true };
  const actor = await findActor(transaction, by);
  await demandInRoom(transaction, actor, "room.remove", stream);
  const removed = await findSubject(transaction, id);
  const member = await findMember(transaction, stream, id);
  if (member === undefined) {
    const seq = await headOf(transaction, stream);
    return { cid, stream, seq, repeated: true };
  }
  if (!isAtLeast(actor.role, roleOf(removed.person))) {
    throw new ParleyError("forbidden");
  }
  const left = await exitRoom(transaction, {
    stream,
    person: removed.person,
    by: actor.person,
    cid,
    hasInbox: removed.origin === "page",
  });
  if (left === undefined) throw new Error("who was in the room is not");
  await noteAct(transaction, actor.person, {
    act: "room.removed",
    room: stream,
    person: id,
  });
  return { cid, stream, seq: left.head };
}
