import type { Event } from "@parley/protocol";
import type { Kysely } from "kysely";
import type { Schema } from "../schema.ts";
import type { CommittedEvent } from "../store.ts";
import { wireName } from "../stream-keys.ts";

/** Events of a stream with after < seq <= upTo, ascending, at most `max`. */
export async function eventsAfter(
  db: Kysely<Schema>,
  stream: string,
  { after, upTo, max }: { after: number; upTo: number; max: number },
): Promise<CommittedEvent[]> {
  const rows = await db
    .selectFrom("events")
    .leftJoin("messages", (join) =>
      join
        .onRef("messages.stream", "=", "events.stream")
        .onRef("messages.seq", "=", "events.seq"),
    )
    .innerJoin("people", "people.id", "events.by")
    .select([
      "events.seq",
      "events.type",
      "events.at",
      "events.by",
      "events.cid",
      "events.data",
      "messages.text",
      "people.name as author",
    ])
    .where("events.stream", "=", stream)
    .where("events.seq", ">", after)
    .where("events.seq", "<=", upTo)
    .orderBy("events.seq")
    .limit(max)
    .execute();
  return rows.map(({ author, cid, data, text, ...row }) => ({
    stream,
    author,
    event: {
      type: row.type,
      stream: wireName(stream),
      seq: row.seq,
      at: row.at,
      by: row.by,
      ...(cid === null ? {} : { cid }),
      ...(text === null ? {} : { text }),
      ...(data === null ? {} : (JSON.parse(data) as object)),
    } as Event,
  }));
}

/** The head of each of these streams that exists. */
export async function heads(
  db: Kysely<Schema>,
  streams: readonly string[],
): Promise<Map<string, number>> {
  if (streams.length === 0) return new Map();
  const rows = await db
    .selectFrom("streams")
    .select(["id", "head"])
    .where("id", "in", streams)
    .execute();
  return new Map(rows.map(({ id, head }) => [id, head]));
}
