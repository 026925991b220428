import {
  mayInPlace,
  mayInRoom,
  ParleyError,
  type RoomRight,
  type RoomSummary,
} from "@parley/protocol";
import type { Schema } from "../schema.ts";
import type { Acting } from "./actors.ts";
import type { WriteTransaction } from "./transaction.ts";

/** A room's row, as far as rights and those who join it want to know. */
export type RoomRow = Pick<
  Schema["rooms"],
  "stream" | "name" | "kind" | "topic" | "read_only" | "archived_at"
>;

/** The room as it is told to who joins it. */
export type RoomFacts = Pick<
  RoomSummary,
  "stream" | "name" | "kind" | "topic" | "readOnly" | "archived"
>;

/** Somebody's standing in a room that they may see. */
export interface Standing {
  room: RoomRow;
  /** Undefined when they see it without being in it. */
  member: MemberRow | undefined;
}

type MemberRow = Pick<
  Schema["members"],
  "since" | "read" | "moderator" | "favourite" | "muted" | "hidden"
>;

/** The room's row, whoever asks; `not_found` for what does not exist. */
export async function findRoom(
  { db }: WriteTransaction,
  stream: string,
): Promise<RoomRow> {
  const room = await db
    .selectFrom("rooms")
    .select(["stream", "name", "kind", "topic", "read_only", "archived_at"])
    .where("stream", "=", stream)
    .executeTakeFirst();
  if (room === undefined) throw new ParleyError("not_found");
  return room;
}

export function roomFacts(row: RoomRow): RoomFacts {
  const { stream, name, kind, topic, read_only, archived_at } = row;
  return {
    stream,
    name,
    kind,
    topic,
    ...(read_only === 1 ? { readOnly: true } : {}),
    ...(archived_at === null ? {} : { archived: true }),
  };
}

/**
 * The room, when this one may see it: by being in it, or because everybody may.
 * What they may not see is as if it were not there: `not_found`.
 */
export async function findVisibleRoom(
  transaction: WriteTransaction,
  actor: Acting,
  stream: string,
): Promise<Standing> {
  const room = await findRoom(transaction, stream);
  const member = await findMember(transaction, stream, actor.person.id);
  const isOpen =
    (room.kind === "public" || room.kind === "lobby") &&
    mayInPlace(actor, "directory.read");
  if (member === undefined && !isOpen) throw new ParleyError("not_found");
  return { room, member };
}

/** Whether they may do this in the room. */
export function isAllowedIn(
  actor: Acting,
  right: RoomRight,
  { room, member }: Standing,
): boolean {
  return mayInRoom(actor, right, {
    kind: room.kind,
    isMember: member !== undefined,
    isModerator: member?.moderator === 1,
  });
}

/** The room, for who may do this in it. Throws `not_found` or `forbidden`. */
export async function demandInRoom(
  transaction: WriteTransaction,
  actor: Acting,
  right: RoomRight,
  stream: string,
): Promise<Standing> {
  const standing = await findVisibleRoom(transaction, actor, stream);
  if (!isAllowedIn(actor, right, standing)) throw new ParleyError("forbidden");
  return standing;
}

/** The person's membership row, or undefined. */
export function findMember(
  { db }: WriteTransaction,
  stream: string,
  person: string,
): Promise<MemberRow | undefined> {
  return db
    .selectFrom("members")
    .select(["since", "read", "moderator", "favourite", "muted", "hidden"])
    .where("stream", "=", stream)
    .where("person", "=", person)
    .executeTakeFirst();
}

export async function headOf(
  { db }: WriteTransaction,
  stream: string,
): Promise<number> {
  const { head } = await db
    .selectFrom("streams")
    .select("head")
    .where("id", "=", stream)
    .executeTakeFirstOrThrow();
  return head;
}

/**
 * What has to be unique of a room: a public one's name. A private one may be
 * called like any other, or asking would tell that it is there; so it has a key
 * that no name can be.
 */
export function uniqueName(
  kind: Schema["rooms"]["kind"],
  { name, stream }: { name: string; stream: string },
): string {
  const isPublic = kind === "public" || kind === "lobby";
  return isPublic ? nameKey(name) : `\u0001${stream}`;
}

/**
 * Two names are the same name when this is: case, width and composition do not
 * count. Up and down again is what comes nearest to Unicode's case folding: ß
 * and ss meet, as do the two small sigmas.
 */
export function nameKey(name: string): string {
  return name.normalize("NFKC").toUpperCase().toLowerCase().normalize("NFKC");
}
