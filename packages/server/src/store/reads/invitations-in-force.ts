import { isAtLeast, mayInPlace, mayInRoom } from "@parley/protocol";
import type { Kysely } from "kysely";
import { founder } from "../founder.ts";
import { asPerson, personColumns } from "../person-row.ts";
import type { Schema } from "../schema.ts";
import type { InvitationInForce } from "../place-reads.ts";

/**
 * The invitation with this token, as long as it lets somebody in: it has not
 * run out, is not used up or revoked, and who made it might still make it. It
 * leads to those of its rooms that they may still let others into. One answer
 * for all that does not hold (T38).
 */
export async function invitationInForce(
  db: Kysely<Schema>,
  {
    tokenHash,
    now,
    isUsed = false,
  }: {
    tokenHash: string;
    now: number;
    /** This use of it is counted already. */
    isUsed?: boolean;
  },
): Promise<InvitationInForce | undefined> {
  const row = await db
    .selectFrom("invitations")
    .innerJoin("people", "people.id", "invitations.made_by")
    .where("token_hash", "=", tokenHash)
    .select([
      ...personColumns,
      "people.bound as maker_bound",
      "invitations.role as role_given",
      "invitations.bound",
      "invitations.rooms",
      "uses_left",
      "expires_at",
      "revoked_at",
    ])
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const { uses_left, expires_at, revoked_at, suspended_at } = row;
  const isOver =
    (uses_left === 0 && !isUsed) ||
    revoked_at !== null ||
    suspended_at !== null ||
    (expires_at !== null && expires_at <= now);
  const maker: Maker = {
    id: row.id,
    role: row.id === founder ? "owner" : row.role,
    bound: row.maker_bound === 1,
  };
  const role = row.role_given;
  const isAllowed =
    mayInPlace(maker, "invitation.make") && isAtLeast(maker.role, role);
  if (isOver || !isAllowed) return undefined;

  const streams = JSON.parse(row.rooms) as string[];
  const rooms = (await roomsFor(db, maker, streams)).filter(
    ({ isOpen }) => isOpen,
  );
  const isBound = row.bound === 1;
  // Nothing would be left that they see.
  if (isBound && rooms.length === 0) return undefined;
  return {
    by: asPerson(row),
    role,
    bound: isBound,
    rooms: rooms.map(({ stream, name }) => ({ stream, name })),
    expiresAt: expires_at,
  };
}

/** Who makes an invitation, or has made it, as they stand now. */
export interface Maker {
  id: string;
  role: Schema["people"]["role"];
  bound: boolean;
}

interface RoomToOpen {
  stream: string;
  name: string;
  /** Whether they may let others in. */
  isOpen: boolean;
  isArchived: boolean;
  /** Whether they see it at all. */
  isSeen: boolean;
}

/** Those of these rooms that exist, and what the maker may do with them, in the order asked. */
export async function roomsFor(
  db: Kysely<Schema>,
  maker: Maker,
  streams: readonly string[],
): Promise<RoomToOpen[]> {
  if (streams.length === 0) return [];
  const rows = await db
    .selectFrom("rooms")
    .leftJoin("members", (join) =>
      join
        .onRef("members.stream", "=", "rooms.stream")
        .on("members.person", "=", maker.id),
    )
    .where("rooms.stream", "in", streams)
    .select([
      "rooms.stream",
      "rooms.name",
      "rooms.kind",
      "rooms.archived_at",
      "members.person",
      "members.moderator",
    ])
    .execute();
  const found = new Map(rows.map((row) => [row.stream, row]));
  return streams.flatMap((stream) => {
    const row = found.get(stream);
    if (row === undefined) return [];
    const { name, kind } = row;
    const isMember = row.person !== null;
    const isModerator = row.moderator === 1;
    const isShared = kind === "lobby" || kind === "public";
    const isOperator = maker.id === founder;
    const isAllowed =
      kind === "lobby" ||
      (isOperator && kind !== "direct") ||
      mayInRoom(maker, "room.invite", { kind, isMember, isModerator });
    const isArchived = row.archived_at !== null;
    return [
      {
        ...{ stream, name, isArchived },
        isOpen: isAllowed && !isArchived,
        isSeen: isMember || isShared || (isOperator && kind !== "direct"),
      },
    ];
  });
}
