import { inboxOf } from "../stream-keys.ts";
import { holdStreams } from "./hold-streams.ts";
import {
  appendEvents,
  type EventToAppend,
  type WriteTransaction,
} from "./transaction.ts";

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
    .select(["stream", "people.id", "name", "origin"])
    .execute();
  await holdStreams(
    transaction,
    memberships.map(({ stream }) => stream),
  );
  const left = await db
    .deleteFrom("members")
    .where("person", "in", ids)
    .returning(["stream", "person"])
    .execute();
  const people = new Map(memberships.map((one) => [one.id, one]));
  const events = left.flatMap(({ stream, person }): EventToAppend[] => {
    const { name = "", origin } = people.get(person) ?? {};
    const of = { by: person, author: name };
    const out = {
      ...of,
      stream,
      type: "member.left",
      data: { person },
    } as const;
    const told = {
      ...of,
      stream: inboxOf(person),
      type: "room.left",
      data: { room: stream },
    } as const;
    return origin === "page" ? [out, told] : [out];
  });
  await appendEvents(transaction, events);
}
