import type { Me, Person } from "@parley/protocol";
import { inboxOf } from "../stream-keys.ts";
import { findSomebody } from "./actors.ts";
import { holdStreams } from "./hold-streams.ts";
import {
  appendEvents,
  type EventToAppend,
  type WriteTransaction,
} from "./transaction.ts";

/**
 * Tells that somebody has another name, rank or standing: themselves in their
 * inbox, and everybody who shares a room with them in that room; nobody else
 * knows them. Called when the row is changed; their inbox and the place's log
 * are held by then (hold-people.ts), so that nobody lets them into one more room
 * and nothing that stands before rooms in the order of all streams is taken
 * after them.
 */
export async function tellChange(
  transaction: WriteTransaction,
  id: string,
  by?: Person,
): Promise<Me> {
  const changed = await findSomebody(transaction, id);
  if (changed === undefined) throw new Error("who was changed is gone");
  const { person, me, origin } = changed;
  const { id: author, name } = by ?? person;
  const rooms = await transaction.db
    .selectFrom("members")
    .select("stream")
    .where("person", "=", id)
    .orderBy("stream")
    .execute();
  const streams = rooms.map(({ stream }) => stream);
  await holdStreams(transaction, streams);
  const events = streams.map((stream): EventToAppend => ({
    ...{ stream, by: author, author: name },
    type: "member.changed",
    data: { person },
  }));
  if (origin === "page") {
    events.unshift({
      ...{ stream: inboxOf(id), by: author, author: name },
      type: "me.changed",
      data: { me },
    });
  }
  await appendEvents(transaction, events);
  return me;
}
