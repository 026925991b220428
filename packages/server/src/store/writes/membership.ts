import { ParleyError, type Person, type RoomSummary } from "@parley/protocol";
import { inboxOf } from "../stream-keys.ts";
import {
  appendEvent,
  type Numbers,
  type WriteTransaction,
} from "./transaction.ts";

/** The room's row as it is told to who joins it. */
export type RoomFacts = Pick<RoomSummary, "stream" | "name" | "kind" | "topic">;

/**
 * Puts a person into a room: the row, the room's event and the inbox's event.
 * Everything that was said before counts as read (U10).
 */
export async function enterRoom(
  transaction: WriteTransaction,
  {
    room,
    person,
    cid,
    hasInbox = true,
  }: { room: RoomFacts; person: Person; cid?: string; hasInbox?: boolean },
): Promise<Numbers> {
  const author = person.name;
  const numbers = await appendEvent(transaction, {
    stream: room.stream,
    type: "member.joined",
    by: person.id,
    author,
    cid,
    data: { person },
  });
  await transaction.db
    .insertInto("members")
    .values({
      stream: room.stream,
      person: person.id,
      since: numbers.head,
      read: numbers.head,
    })
    .execute();
  if (hasInbox) {
    await appendEvent(transaction, {
      stream: inboxOf(person.id),
      type: "room.joined",
      by: person.id,
      author,
      data: {
        room: { ...room, head: numbers.head, read: numbers.head, unread: 0 },
      },
    });
  }
  return numbers;
}

/**
 * Who may come into a room: of guests, those who are signed in. They may have
 * signed out since they asked, and then nobody would ever take them out again.
 */
export async function expectSignedIn(
  { db }: WriteTransaction,
  { id, kind }: Person,
): Promise<void> {
  if (kind !== "guest") return;
  const session = await db
    .selectFrom("sessions")
    .select("person")
    .where("person", "=", id)
    .limit(1)
    .executeTakeFirst();
  if (session === undefined) throw new ParleyError("unauthenticated");
}

/**
 * Takes a person out of a room; nothing that comes later may reach them.
 * Whoever is out already stays so, without a word: undefined.
 */
export async function exitRoom(
  transaction: WriteTransaction,
  {
    stream,
    person,
    cid,
    hasInbox = true,
  }: { stream: string; person: Person; cid?: string; hasInbox?: boolean },
): Promise<Numbers | undefined> {
  const left = await transaction.db
    .deleteFrom("members")
    .where("stream", "=", stream)
    .where("person", "=", person.id)
    .returning("person")
    .executeTakeFirst();
  if (left === undefined) return undefined;

  const author = person.name;
  const numbers = await appendEvent(transaction, {
    stream,
    type: "member.left",
    by: person.id,
    author,
    cid,
    data: { person: person.id },
  });
  if (hasInbox) {
    await appendEvent(transaction, {
      stream: inboxOf(person.id),
      type: "room.left",
      by: person.id,
      author,
      data: { room: stream },
    });
  }
  return numbers;
}
