import type { Event } from "@parley/protocol";
import { sql, type Kysely } from "kysely";
import type { Connection } from "../connection.ts";
import { overRows } from "../prepared.ts";
import type { Schema } from "../schema.ts";
import type { CommittedEvent, EventRange } from "../store.ts";
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
      "messages.deleted",
      "people.name as author",
    ])
    .where("events.stream", "=", stream)
    .where("events.seq", ">", after)
    .where("events.seq", "<=", upTo)
    .orderBy("events.seq")
    .limit(max)
    .execute();
  return rows.map((row) => asCommitted(stream, row));
}

const findEvents = overRows<EventRow & { stream: string }>(
  ["text", "integer", "integer"],
  (rows) => sql`
    with asked (stream, after, up_to) as (${rows})
    select events.stream, events.seq, events.type, events.at, events."by",
      events.cid, events.data, messages.text, messages.deleted,
      people.name as author
    from asked
    join events on events.stream = asked.stream
      and events.seq > asked.after and events.seq <= asked.up_to
    left join messages on messages.stream = events.stream
      and messages.seq = events.seq
    join people on people.id = events."by"
    order by events.stream, events.seq`,
);

/**
 * The events of several streams, each with after < seq <= upTo, ascending. A
 * stream stands among `ranges` once.
 */
export async function eventsOf(
  connection: Connection,
  ranges: ReadonlyMap<string, EventRange>,
): Promise<Map<string, CommittedEvent[]>> {
  const found = new Map<string, CommittedEvent[]>();
  const asked: unknown[][] = [];
  for (const [stream, { after, upTo }] of ranges) {
    found.set(stream, []);
    asked.push([stream, after, upTo]);
  }
  for (const { stream, ...row } of await findEvents(connection, asked)) {
    found.get(stream)?.push(asCommitted(stream, row));
  }
  return found;
}

interface EventRow {
  seq: number;
  type: string;
  at: number;
  by: string;
  cid: string | null;
  data: string | null;
  text: string | null;
  deleted: number | null;
  author: string;
}

function asCommitted(
  stream: string,
  { author, cid, data, text, deleted, ...row }: EventRow,
): CommittedEvent {
  return {
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
      ...(deleted === 1 ? { deleted: true } : {}),
      ...(data === null ? {} : (JSON.parse(data) as object)),
    } as Event,
  };
}

const findHeads = overRows<{ id: string; head: number }>(
  ["text"],
  (rows) => sql`
    with asked (id) as (${rows})
    select streams.id, streams.head
    from asked join streams on streams.id = asked.id`,
);

/** The head of each of these streams that exists. */
export async function heads(
  connection: Connection,
  streams: readonly string[],
): Promise<Map<string, number>> {
  const asked = streams.map((stream) => [stream]);
  const rows = await findHeads(connection, asked);
  return new Map(rows.map(({ id, head }) => [id, head]));
}
