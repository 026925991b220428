import { sql } from "kysely";
import { prepared } from "../prepared.ts";
import type { WriteTransaction } from "./transaction.ts";

/** Makes whoever else wants to append to these streams wait (PostgreSQL). */
export const lockStreams = prepared(
  (value) => sql`
    select id from streams where id = any(${value()}::text[])
    order by id for no key update`,
);

/**
 * Holds streams that a write finds only while it runs, as the transaction held
 * those that were known before: until it ends, nobody else appends to them, so
 * that what is read of them from now on stays true. In one order everywhere, so
 * that no two transactions wait for each other. SQLite's writer is alone.
 */
export async function holdStreams(
  { connection }: WriteTransaction,
  streams: readonly string[],
): Promise<void> {
  if (connection.lists === "values" || streams.length === 0) return;
  await lockStreams(connection, [[...new Set(streams)]]);
}
