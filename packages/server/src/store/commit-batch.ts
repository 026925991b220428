import { ParleyError, type ErrorCode } from "@parley/protocol";
import { CompiledQuery } from "kysely";
import type { Connection } from "./connection.ts";
import type { CommittedEvent } from "./store.ts";
import {
  appendMessages,
  type MessageToAppend,
} from "./writes/append-messages.ts";
import type { WriteTransaction } from "./writes/transaction.ts";
import { writeFunctions, type WriteName } from "./writes/writes.ts";

export interface WriteRequest {
  id: number;
  name: WriteName;
  input: unknown;
}

/** What became of one write: its result, a refusal, or a failure nobody foresaw. */
export type Settled =
  | { id: number; status: "done"; value: unknown }
  | { id: number; status: "refused"; code: ErrorCode }
  | { id: number; status: "failed"; message: string };

export interface Committed {
  settled: Settled[];
  events: CommittedEvent[];
}

/**
 * Runs all requests in one transaction and commits once (group commit). They
 * take effect in the order given; neighbouring posts are written together.
 * Rejects when the transaction itself fails: then nothing was stored (D-9).
 */
export async function commitBatch(
  connection: Connection,
  requests: readonly WriteRequest[],
  now: number,
): Promise<Committed> {
  const { db } = connection;
  const transaction: WriteTransaction = { connection, db, now, events: [] };
  const settled: Settled[] = [];
  await control(connection, connection.begin);
  try {
    for (const run of runsOf(requests)) {
      settled.push(
        ...(run[0]?.name === "appendMessage"
          ? await runPosts(transaction, run)
          : [await runAlone(transaction, run[0] as WriteRequest)]),
      );
    }
    await control(connection, "commit");
  } catch (error) {
    await undo(connection);
    throw error;
  }
  return { settled, events: transaction.events };
}

/** Begins, ends and divides transactions. */
async function control(
  connection: Connection,
  statement: string,
): Promise<void> {
  await connection.run(CompiledQuery.raw(statement));
}

async function undo(connection: Connection): Promise<void> {
  try {
    await control(connection, "rollback");
  } catch {
    // There is no transaction any more: the database has undone it by itself,
    // as at a full disk.
  }
}

/** Neighbouring posts as one run, every other write as a run of its own. */
function runsOf(requests: readonly WriteRequest[]): WriteRequest[][] {
  const runs: WriteRequest[][] = [];
  for (const request of requests) {
    const last = runs.at(-1);
    const isPost = request.name === "appendMessage";
    if (isPost && last?.[0]?.name === "appendMessage") last.push(request);
    else runs.push([request]);
  }
  return runs;
}

async function runPosts(
  transaction: WriteTransaction,
  run: readonly WriteRequest[],
): Promise<Settled[]> {
  const answers = await appendMessages(
    transaction,
    run.map(({ input }) => input as MessageToAppend),
  );
  return run.map(({ id }, index): Settled => {
    const answer = answers[index];
    return answer instanceof ParleyError
      ? { id, status: "refused", code: answer.code }
      : { id, status: "done", value: answer };
  });
}

/** One write's refusal undoes that write only, not its neighbours (savepoint). */
async function runAlone(
  transaction: WriteTransaction,
  { id, name, input }: WriteRequest,
): Promise<Settled> {
  const { connection, events } = transaction;
  const eventsBefore = events.length;
  await control(connection, "savepoint write");
  try {
    const run = writeFunctions[name as keyof typeof writeFunctions] as (
      transaction: WriteTransaction,
      input: unknown,
    ) => Promise<unknown>;
    const value = await run(transaction, input);
    await control(connection, "release write");
    return { id, status: "done", value };
  } catch (error) {
    try {
      await control(connection, "rollback to write");
      await control(connection, "release write");
    } catch {
      // The database has undone the whole transaction already, as at a full
      // disk: that is everybody's failure, and its reason is the first error.
      throw error;
    }
    events.length = eventsBefore;
    return error instanceof ParleyError
      ? { id, status: "refused", code: error.code }
      : { id, status: "failed", message: String(error) };
  }
}
