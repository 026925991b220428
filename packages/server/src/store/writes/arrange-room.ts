import { ParleyError, type CommandResult } from "@parley/protocol";
import { inboxOf } from "../stream-keys.ts";
import { findActor, type Acting } from "./actors.ts";
import { findVisibleRoom, headOf } from "./rooms.ts";
import { appendEvent, type WriteTransaction } from "./transaction.ts";

export interface RoomToArrange {
  stream: string;
  by: string;
  favourite?: boolean | undefined;
  muted?: boolean | undefined;
  hidden?: boolean | undefined;
}

type Arrangement = CommandResult<"room.arrange">;

/** Puts a room where one wants it among one's own, on all one's devices. */
export async function arrangeRoom(
  transaction: WriteTransaction,
  { stream, by, ...wanted }: RoomToArrange,
): Promise<Arrangement> {
  const actor = await findActor(transaction, by);
  const { room, member } = await findVisibleRoom(transaction, actor, stream);
  if (member === undefined) throw new ParleyError("not_found");
  if (wanted.hidden === true && room.kind !== "direct") {
    throw new ParleyError("forbidden");
  }
  const before = {
    favourite: member.favourite === 1,
    muted: member.muted === 1,
    hidden: await stillHidden(transaction, stream, member.hidden),
  };
  const { favourite = before.favourite, muted = before.muted } = wanted;
  const head = await headOf(transaction, stream);
  const hidden =
    wanted.hidden === undefined ? before.hidden : wanted.hidden ? head : 0;
  const isSame =
    favourite === before.favourite &&
    muted === before.muted &&
    hidden === before.hidden;
  const arrangement = { stream, favourite, muted, hidden };
  if (!isSame) await arrange(transaction, actor, arrangement);
  return arrangement;
}

/** 0 when something was said since: then it is in sight again, for good. */
async function stillHidden(
  { db }: WriteTransaction,
  stream: string,
  hidden: number,
): Promise<number> {
  if (hidden === 0) return 0;
  const later = await db
    .selectFrom("messages")
    .select("seq")
    .where("stream", "=", stream)
    .where("seq", ">", hidden)
    .limit(1)
    .executeTakeFirst();
  return later === undefined ? hidden : 0;
}

/** Stores it, and tells the person's devices. */
export async function arrange(
  transaction: WriteTransaction,
  { person }: Acting,
  { stream, favourite, muted, hidden }: Arrangement,
): Promise<void> {
  await transaction.db
    .updateTable("members")
    .set({ favourite: favourite ? 1 : 0, muted: muted ? 1 : 0, hidden })
    .where("stream", "=", stream)
    .where("person", "=", person.id)
    .execute();
  await appendEvent(transaction, {
    stream: inboxOf(person.id),
    type: "room.arranged",
    by: person.id,
    author: person.name,
    data: { room: stream, favourite, muted, hidden },
  });
}
