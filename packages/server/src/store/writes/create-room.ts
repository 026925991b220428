import { ParleyError, type CommandResult } from "@parley/protocol";
import { findEarlierCommand } from "./earlier-command.ts";
import { enterRoom, expectSignedIn } from "./membership.ts";
import { findPerson, nameKey } from "./rooms.ts";
import { appendEvent, type WriteTransaction } from "./transaction.ts";

export interface RoomToCreate {
  /** The id for the new room's stream. */
  stream: string;
  by: string;
  cid: string;
  name: string;
  topic: string;
}

/** A new public room with its maker in it. */
export async function createRoom(
  transaction: WriteTransaction,
  { stream, by, cid, name, topic }: RoomToCreate,
): Promise<CommandResult<"room.create">> {
  const { db, now } = transaction;
  const person = await findPerson(transaction, by);
  const kind = "public" as const;
  const data = { name, kind, topic };
  const earlier = await findEarlierCommand(transaction, {
    by,
    cid,
    type: "room.created",
    data,
  });
  if (earlier) return { cid, ...earlier, repeated: true };
  await expectSignedIn(transaction, person);

  await db
    .insertInto("streams")
    .values({ id: stream, head: 0, last_at: 0 })
    .execute();
  const room = { stream, name, kind, topic };
  // Not asked before: another node may be making a room of this name at this
  // moment, which only the name's uniqueness can tell.
  const made = await db
    .insertInto("rooms")
    .values({
      ...room,
      name_key: nameKey(name),
      topic_key: nameKey(topic),
      created_by: by,
      created_at: now,
    })
    .onConflict((conflict) => conflict.column("name_key").doNothing())
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
  const { id, name: personName, kind: personKind } = person;
  await enterRoom(transaction, {
    room,
    person: { id, name: personName, kind: personKind },
  });
  return { cid, stream, seq };
}
