import { ParleyError, type CommandResult } from "@parley/protocol";
import { inboxOf } from "../stream-keys.ts";
import { findActor, findSomebody, type Acting } from "./actors.ts";
import { findEarlierCommand } from "./earlier-command.ts";
import type { RoomChange } from "./join-room.ts";
import { canStay, enterRoom } from "./membership.ts";
import { demandInRoom, findMember, headOf, roomFacts } from "./rooms.ts";
import type { WriteTransaction } from "./transaction.ts";

/** Lets people into a room; who is in it already is passed over. */
export async function inviteToRoom(
  transaction: WriteTransaction,
  { stream, by, cid, people }: RoomChange & { people: readonly string[] },
): Promise<CommandResult<"room.invite">> {
  const earlier = await findEarlierCommand(transaction, {
    by,
    cid,
    type: "member.joined",
    stream,
    isSame: ({ person }) => people.includes(person.id),
  });
  if (earlier) return { cid, ...earlier, repeated: true };
  const actor = await findActor(transaction, by);
  const { room } = await demandInRoom(
    transaction,
    actor,
    "room.invite",
    stream,
  );
  if (room.archived_at !== null) throw new ParleyError("archived");

  // Of several events the first carries the cid, which no two can have.
  let seq: number | undefined;
  for (const id of new Set(people)) {
    const { person } = await findInvited(transaction, id);
    if (await findMember(transaction, stream, id)) continue;
    const { head } = await enterRoom(transaction, {
      room: roomFacts(room),
      person,
      by: actor.person,
      cid: seq === undefined ? cid : undefined,
    });
    seq ??= head;
  }
  if (seq !== undefined) return { cid, stream, seq };
  return {
    cid,
    stream,
    seq: await headOf(transaction, stream),
    repeated: true,
  };
}

/** Somebody who can be put into a room; `not_found` for anybody else. */
export async function findInvited(
  transaction: WriteTransaction,
  id: string,
): Promise<Acting> {
  const found = await findSomebody(transaction, id);
  const isHere =
    found !== undefined &&
    found.person.suspended !== true &&
    (await hasInbox(transaction, id)) &&
    (await canStay(transaction, found.person));
  if (!isHere) throw new ParleyError("not_found");
  return found;
}

/** Who has none could never be told: guests of the simple wire, and the founder. */
async function hasInbox(
  { db }: WriteTransaction,
  person: string,
): Promise<boolean> {
  const inbox = await db
    .selectFrom("streams")
    .select("id")
    .where("id", "=", inboxOf(person))
    .executeTakeFirst();
  return inbox !== undefined;
}
