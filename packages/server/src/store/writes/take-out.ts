import { inboxOf } from "../stream-keys.ts";
import { holdStreams } from "./hold-streams.ts";
import { exitRoom } from "./membership.ts";
import type { WriteTransaction } from "./transaction.ts";

/**
 * Takes guests who cannot come back out of all their rooms; their sessions are
 * gone already. Another node may be about to do the same: whoever is out of a
 * room already is passed over.
 */
export async function takeOut(
  transaction: WriteTransaction,
  ids: readonly string[],
): Promise<void> {
  if (ids.length === 0) return;
  const { db } = transaction;
  // With their inboxes held nobody lets them into one more room. Inboxes stand
  // before rooms in the order of all streams (hold-streams.ts).
  await holdStreams(transaction, ids.map(inboxOf));
  const memberships = await db
    .selectFrom("members")
    .innerJoin("people", "people.id", "members.person")
    .where("members.person", "in", ids)
    .select(["stream", "people.id", "name", "kind", "origin"])
    .execute();
  await holdStreams(
    transaction,
    memberships.map(({ stream }) => stream),
  );
  for (const { stream, origin, ...person } of memberships) {
    const hasInbox = origin === "page";
    await exitRoom(transaction, { stream, person, hasInbox });
  }
}
