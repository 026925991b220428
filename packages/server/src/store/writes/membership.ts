import { ParleyError, type Person } from "@parley/protocol";
import { inboxOf } from "../stream-keys.ts";
import type { RoomFacts } from "./rooms.ts";
import {
  appendEvent,
  type Numbers,
  type WriteTransaction,
} from "./transaction.ts";

export interface Entry {
  room: RoomFacts;
  person: Person;
  /** Who let them in; they themselves when not given. */
  by?: Person;
  cid?: string | undefined;
  hasInbox?: boolean;
  isModerator?: boolean;
  /** Of a direct room: the others in it. */
  others?: readonly Person[];
  /** Of a direct room: not in their sight before something has a higher number. */
  hidden?: number;
}

/**
 * Puts a person into a room: the row, the room's event and the inbox's event.
 * Everything that was said before counts as read (U10).
 */
export async function enterRoom(
  transaction: WriteTransaction,
  {
    room,
    person,
    by = person,
    cid,
    hasInbox = true,
    isModerator = false,
    others,
    hidden = 0,
  }: Entry,
): Promise<Numbers> {
  const numbers = await appendEvent(transaction, {
    stream: room.stream,
    type: "member.joined",
    by: by.id,
    author: by.name,
    cid,
    data: { person, ...(isModerator ? { moderator: true } : {}) },
  });
  const { head } = numbers;
  await transaction.db
    .insertInto("members")
    .values({
      stream: room.stream,
      person: person.id,
      since: head,
      read: head,
      moderator: isModerator ? 1 : 0,
      favourite: 0,
      muted: 0,
      hidden,
    })
    .execute();
  if (hasInbox) {
    await appendEvent(transaction, {
      stream: inboxOf(person.id),
      type: "room.joined",
      by: by.id,
      author: by.name,
      data: {
        room: {
          ...room,
          ...(others === undefined ? {} : { people: [...others] }),
          ...(isModerator ? { moderator: true } : {}),
          ...(hidden > 0 ? { hidden } : {}),
          head,
          read: head,
          unread: 0,
        },
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
  transaction: WriteTransaction,
  person: Person,
): Promise<void> {
  if (!(await canStay(transaction, person))) {
    throw new ParleyError("unauthenticated");
  }
}

/** Whether somebody who is put into a room would ever be there, or ever leave. */
export async function canStay(
  { db }: WriteTransaction,
  { id, kind }: Person,
): Promise<boolean> {
  if (kind !== "guest") return true;
  const session = await db
    .selectFrom("sessions")
    .select("person")
    .where("person", "=", id)
    .limit(1)
    .executeTakeFirst();
  return session !== undefined;
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
    by = person,
    cid,
    hasInbox = true,
  }: {
    stream: string;
    person: Person;
    by?: Person;
    cid?: string;
    hasInbox?: boolean;
  },
): Promise<Numbers | undefined> {
  const left = await transaction.db
    .deleteFrom("members")
    .where("stream", "=", stream)
    .where("person", "=", person.id)
    .returning("person")
    .executeTakeFirst();
  if (left === undefined) return undefined;

  const numbers = await appendEvent(transaction, {
    stream,
    type: "member.left",
    by: by.id,
    author: by.name,
    cid,
    data: { person: person.id },
  });
  if (hasInbox) {
    await appendEvent(transaction, {
      stream: inboxOf(person.id),
      type: "room.left",
      by: by.id,
      author: by.name,
      data: { room: stream },
    });
  }
  return numbers;
}
