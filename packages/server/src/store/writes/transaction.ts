import {
  ParleyError,
  type EventData,
  type EventName,
  type EventOf,
} from "@parley/protocol";
import { sql } from "kysely";
import type { WritingConnection } from "../connection.ts";
import { overRows } from "../prepared.ts";
import type { CommittedEvent } from "../store.ts";
import { wireName } from "../stream-keys.ts";

/** What a write function works with: the open transaction, its time, its events so far. */
export interface WriteTransaction {
  connection: WritingConnection;
  /** The same connection's Kysely. */
  db: WritingConnection["db"];
  /** Wall clock in milliseconds, read once per transaction. */
  now: number;
  events: CommittedEvent[];
}

export interface Numbers {
  /** The number of the last event that was given out. */
  head: number;
  /** The time of these events. */
  at: number;
}

const takeStatement = overRows<Numbers & { id: string }>(
  ["text", "integer", "integer"],
  (rows) => sql`
    with asked (stream, count, now) as (${rows})
    update streams set
      head = streams.head + asked.count,
      last_at = case when streams.last_at > asked.now
        then streams.last_at else asked.now end
    from asked where streams.id = asked.stream
    returning id, head, last_at as at`,
);

/**
 * Takes the next `count` numbers of each stream: head - count + 1 … head. In
 * the events' own transaction, from the streams' own rows: a database sequence
 * would leave holes at a rollback and show a higher number first (I1). The
 * time never goes back, whatever the wall clock does (O-7).
 */
export async function takeNumbers(
  { connection, now }: WriteTransaction,
  counts: ReadonlyMap<string, number>,
): Promise<Map<string, Numbers>> {
  const asked = [...counts].map(([stream, count]) => [stream, count, now]);
  const taken = new Map<string, Numbers>();
  for (const { id, head, at } of await takeStatement(connection, asked)) {
    taken.set(id, { head, at });
  }
  return taken;
}

/** Writes one event of any kind but messages, and remembers it for delivery. */
export async function appendEvent<Name extends EventName>(
  transaction: WriteTransaction,
  {
    stream,
    type,
    by,
    author,
    cid,
    data,
  }: {
    stream: string;
    type: Name;
    by: string;
    author: string;
    /** The cid of the command, on its one main event. */
    cid?: string | undefined;
    data: EventData<Name> | ((seq: number) => EventData<Name>);
  },
): Promise<Numbers> {
  const taken = await takeNumbers(transaction, new Map([[stream, 1]]));
  const numbers = taken.get(stream);
  if (numbers === undefined) throw new Error(`no stream ${stream}`);
  const { head: seq, at } = numbers;
  const content = typeof data === "function" ? data(seq) : data;
  const stored = await transaction.db
    .insertInto("events")
    .values({
      stream,
      seq,
      type,
      at,
      by,
      cid: cid ?? null,
      data: JSON.stringify(content),
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning("seq")
    .executeTakeFirst();
  // The number is ours alone, so it is the cid: used at this very moment
  // through another node, for something else.
  if (stored === undefined) throw new ParleyError("cid_conflict");
  const event = {
    type,
    stream: wireName(stream),
    seq,
    at,
    by,
    ...(cid === undefined ? {} : { cid }),
    ...content,
  } as unknown as EventOf<Name>;
  transaction.events.push({ stream, event, author });
  return numbers;
}

const insertEvents = overRows(
  ["text", "integer", "text", "integer", "text", "text"],
  (rows) => sql`insert into events (stream, seq, type, at, by, data) ${rows}`,
);

/** An event that only follows from another and so has no cid. */
export interface EventToAppend {
  stream: string;
  type: EventName;
  by: string;
  author: string;
  data: object;
}

/** Any number of them, in the order given, with two statements. */
export async function appendEvents(
  transaction: WriteTransaction,
  asked: readonly EventToAppend[],
): Promise<void> {
  const counts = new Map<string, number>();
  for (const { stream } of asked) {
    counts.set(stream, (counts.get(stream) ?? 0) + 1);
  }
  const taken = await takeNumbers(transaction, counts);
  const rows: unknown[][] = [];
  for (const { stream, type, by, author, data } of asked) {
    const numbers = taken.get(stream);
    const left = counts.get(stream) ?? 0;
    if (numbers === undefined) throw new Error(`no stream ${stream}`);
    counts.set(stream, left - 1);
    const seq = numbers.head - left + 1;
    const { at } = numbers;
    rows.push([stream, seq, type, at, by, JSON.stringify(data)]);
    const event = { type, stream: wireName(stream), seq, at, by, ...data };
    const told = event as unknown as CommittedEvent["event"];
    transaction.events.push({ stream, event: told, author });
  }
  await insertEvents(transaction.connection, rows);
}
