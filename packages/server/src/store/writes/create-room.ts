import {
  mayMakeRooms,
  ParleyError,
  type CommandResult,
} from "@parley/protocol";
import { findActor } from "./actors.ts";
import { findEarlierCommand } from "./earlier-command.ts";
import { enterRoom, expectSignedIn } from "./membership.ts";
import { readSettings } from "./place-settings.ts";
import { nameKey, uniqueName } from "./rooms.ts";
import { appendEvent, type WriteTransaction } from "./transaction.ts";

export interface RoomToCreate {
  /** The id for the new room's stream. */
  stream: string;
  by: string;
  cid: string;
  name: string;
  topic: string;
  kind?: "public" | "private" | undefined;
}

/** A new room with its maker in it, who moderates it. */
export async function createRoom(
  transaction: WriteTransaction,
  { stream, by, cid, name, topic, kind = "public" }: RoomToCreate,
): Promise<CommandResult<"room.create">> {
  const { db, now } = transaction;
  const data = { name, kind, topic };
  const earlier = await findEarlierCommand(transaction, {
    by,
    cid,
    type: "room.created",
    data,
  });
  if (earlier) return { cid, ...earlier, repeated: true };
  const actor = await findActor(transaction, by);
  const { person } = actor;
  const { roomsBy } = await readSettings(db);
  if (!mayMakeRooms(actor, roomsBy)) throw new ParleyError("forbidden");
  await expectSignedIn(transaction, person);

  await db
    .insertInto("streams")
    .values({ id: stream, head: 0, last_at: 0 })
    .execute();
  const room = { stream, name, kind, topic };
  // Not asked before: the name's uniqueness tells.
  const made = await db
    .insertInto("rooms")
    .values({
      ...room,
      name_key: nameKey(name),
      unique_name: uniqueName(kind, room),
      topic_key: nameKey(topic),
      created_by: by,
      created_at: now,
      read_only: 0,
      is_default: 0,
    })
    .onConflict((conflict) => conflict.column("unique_name").doNothing())
    .returning("stream")
    .executeTakeFirst();
  if (made === undefined) throw new ParleyError("name_taken");
  const { head: seq } = await appendEvent(transaction, {
    stream,
    type: "room.created",
    by,
    author: person.name,
    cid,
    data,
  });
  await enterRoom(transaction, { room, person, isModerator: true });
  return { cid, stream, seq };
}
