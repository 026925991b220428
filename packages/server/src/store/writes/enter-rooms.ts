import type { Person } from "@parley/protocol";
import { enterRoom } from "./membership.ts";
import { findMember, findRoom, roomFacts } from "./rooms.ts";
import type { WriteTransaction } from "./transaction.ts";

/** Where somebody new finds themselves. */
export interface FirstRooms {
  /** Undefined: not there either. */
  lobby?: string | undefined;
  /** Those of them that are still for newcomers. */
  defaults?: readonly string[];
  /** Rooms that somebody has chosen for them. */
  invited?: readonly string[];
  /** Who let them into those. */
  by?: Person | undefined;
}

/** Puts somebody into their first rooms; where they are already is passed over. */
export async function enterFirstRooms(
  transaction: WriteTransaction,
  person: Person,
  {
    lobby,
    defaults = [],
    invited = [],
    by,
    hasInbox = true,
  }: FirstRooms & { hasInbox?: boolean },
): Promise<void> {
  const usual = await stillDefault(transaction, defaults);
  const streams = [...(lobby === undefined ? [] : [lobby]), ...usual];
  for (const stream of new Set([...streams, ...invited])) {
    if (await findMember(transaction, stream, person.id)) continue;
    const isChosen = by !== undefined && invited.includes(stream);
    await enterRoom(transaction, {
      room: roomFacts(await findRoom(transaction, stream)),
      person,
      hasInbox,
      ...(isChosen ? { by } : {}),
    });
  }
}

/**
 * What a node knew of the rooms for newcomers may be older than this moment: a
 * room that is private or archived by now is none of them.
 */
async function stillDefault(
  { db }: WriteTransaction,
  streams: readonly string[],
): Promise<string[]> {
  if (streams.length === 0) return [];
  const rows = await db
    .selectFrom("rooms")
    .select("stream")
    .where("stream", "in", streams)
    .where("is_default", "=", 1)
    .where("kind", "=", "public")
    .where("archived_at", "is", null)
    .orderBy("name_key")
    .execute();
  return rows.map(({ stream }) => stream);
}
