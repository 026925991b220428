import { ParleyError, type CommandResult } from "@parley/protocol";
import { noteAct } from "./acts.ts";
import { findActor } from "./actors.ts";
import { findEarlierCommand } from "./earlier-command.ts";
import type { RoomChange } from "./join-room.ts";
import { findVisibleRoom, headOf, isAllowedIn } from "./rooms.ts";
import { appendEvent, type WriteTransaction } from "./transaction.ts";

/**
 * Takes the text of a message away, for ever and everywhere; its number stays,
 * and who deleted it is an event of the room. One's own, or another's by right.
 */
export async function deleteMessage(
  transaction: WriteTransaction,
  { stream, by, cid, message: seq }: RoomChange & { message: number },
): Promise<CommandResult<"message.delete">> {
  const { db } = transaction;
  const earlier = await findEarlierCommand(transaction, {
    by,
    cid,
    type: "message.deleted",
    stream,
    data: { message: seq },
  });
  if (earlier) return { cid, ...earlier, repeated: true };
  const actor = await findActor(transaction, by);
  const standing = await findVisibleRoom(transaction, actor, stream);
  const message = await db
    .selectFrom("messages")
    .select(["by", "deleted"])
    .where("stream", "=", stream)
    .where("seq", "=", seq)
    .executeTakeFirst();
  if (message === undefined) throw new ParleyError("not_found");
  const isOwn = message.by === by && standing.member !== undefined;
  if (!isOwn && !isAllowedIn(actor, "message.delete", standing)) {
    throw new ParleyError("forbidden");
  }
  if (message.deleted === 1) {
    const head = await headOf(transaction, stream);
    return { cid, stream, seq: head, repeated: true };
  }
  await db
    .updateTable("messages")
    .set({ text: "", deleted: 1 })
    .where("stream", "=", stream)
    .where("seq", "=", seq)
    .execute();
  const { head } = await appendEvent(transaction, {
    stream,
    type: "message.deleted",
    by,
    author: actor.person.name,
    cid,
    data: { message: seq },
  });
  if (message.by !== by) {
    await noteAct(transaction, actor.person, {
      act: "message.deleted",
      room: stream,
      person: message.by,
      detail: { message: seq },
    });
  }
  return { cid, stream, seq: head };
}
