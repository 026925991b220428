import type { EventData, EventName, EventOf } from "@parley/protocol";
import { sql } from "kysely";
import type { Connection } from "../connection.ts";
import { prepared } from "../prepared.ts";
import type { CommittedEvent } from "../store.ts";
import { wireName } from "../stream-keys.ts";

/** What a write function works with: the open transaction, its time, its events so far. */
export interface WriteTransaction {
  connection: Connection;
  /** The same connection's Kysely. */
  db: Connection["db"];
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

const takeStatement = prepared<Numbers>(
  (value) => sql`
    update streams set
      head = head + ${value()},
      last_at = case when last_at > ${value()} then last_at else ${value()} end
    where id = ${value()}
    returning head, last_at as at`,
);

/**
 * Takes the next `count` numbers of a stream: head - count + 1 … head. In the
 * event's own transaction, from the stream's own row: a database sequence
 * would leave holes at a rollback and show a higher number first (I1). The
 * time never goes back, whatever the wall clock does (O-7).
 */
export async function takeNumbers(
  { connection, now }: WriteTransaction,
  stream: string,
  count: number,
): Promise<Numbers> {
  const [numbers] = await takeStatement(connection, [count, now, now, stream]);
  if (numbers === undefined) throw new Error(`no stream ${stream}`);
  return numbers;
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
  const numbers = await takeNumbers(transaction, stream, 1);
  const { head: seq, at } = numbers;
  const content = typeof data === "function" ? data(seq) : data;
  await transaction.db
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
    .execute();
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
