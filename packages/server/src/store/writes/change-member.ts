import { isAtLeast, ParleyError, type CommandResult } from "@parley/protocol";
import { noteAct } from "./acts.ts";
import { findActor, findSomebody } from "./actors.ts";
import { findEarlierCommand } from "./earlier-command.ts";
import type { RoomChange } from "./join-room.ts";
import { demandInRoom, findMember, headOf } from "./rooms.ts";
import { appendEvent, type WriteTransaction } from "./transaction.ts";

/** Makes somebody in a room its moderator, or no longer. */
export async function changeMember(
  transaction: WriteTransaction,
  {
    stream,
    by,
    cid,
    person: id,
    moderator,
  }: RoomChange & { person: string; moderator: boolean },
): Promise<CommandResult<"member.change">> {
  const { db } = transaction;
  const earlier = await findEarlierCommand(transaction, {
    by,
    cid,
    type: "member.changed",
    stream,
    isSame: (data) => data.person.id === id && data.moderator === moderator,
  });
  if (earlier) return { cid, ...earlier, repeated: true };
  const actor = await findActor(transaction, by);
  await demandInRoom(transaction, actor, "member.change", stream);
  const member = await findMember(transaction, stream, id);
  const changed = await findSomebody(transaction, id);
  if (member === undefined || changed === undefined) {
    throw new ParleyError("not_found");
  }
  // Who is bound to rooms is a visitor there, and looks after none. And nobody
  // takes anything from who stands above them.
  const isAbove = id !== by && !isAtLeast(actor.role, changed.role);
  if (moderator ? changed.bound : isAbove) throw new ParleyError("forbidden");
  if (member.moderator === (moderator ? 1 : 0)) {
    const seq = await headOf(transaction, stream);
    return { cid, stream, seq, repeated: true };
  }
  await db
    .updateTable("members")
    .set({ moderator: moderator ? 1 : 0 })
    .where("stream", "=", stream)
    .where("person", "=", id)
    .execute();
  const { head: seq } = await appendEvent(transaction, {
    stream,
    type: "member.changed",
    by,
    author: actor.person.name,
    cid,
    data: { person: changed.person, moderator },
  });
  await noteAct(transaction, actor.person, {
    act: "room.moderator",
    room: stream,
    person: id,
    detail: { moderator },
  });
  return { cid, stream, seq };
}
