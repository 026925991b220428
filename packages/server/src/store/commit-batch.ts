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

/**
 * Posts together; should one of them be what nobody foresaw, each by itself,
 * so that it takes no neighbour with it.
 */
async function runPosts(
  transaction: WriteTransaction,
  run: readonly WriteRequest[],
): Promise<Settled[]> {
  const posts = run.map(({ input }) => input as MessageToAppend);
  try {
    const answers = await inSavepoint(transaction, () =>
      appendMessages(transaction, posts),
    );
    return run.map(({ id }, index) => settledPost(id, answers[index]));
  } catch (error) {
    const [only, ...others] = run;
    if (only === undefined || isOfTheDatabase(error)) throw error;
    if (others.length === 0) return [failed(only.id, error)];
    const settled: Settled[] = [];
    for (const one of run)
      settled.push(...(await runPosts(transaction, [one])));
    return settled;
  }
}

function settledPost(id: number, answer: unknown): Settled {
  return answer instanceof ParleyError
    ? { id, status: "refused", code: answer.code }
    : { id, status: "done", value: answer };
}

function failed(id: number, error: unknown): Settled {
  return error instanceof ParleyError
    ? { id, status: "refused", code: error.code }
    : { id, status: "failed", message: String(error) };
}

/** What the database itself says is everybody's failure, not one write's. */
function isOfTheDatabase(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? error.code : "";
  return /^SQLITE_(?:FULL|BUSY|IOERR|CORRUPT|NOTADB|CANTOPEN|READONLY)/.test(
    String(code),
  );
}

/** One write's refusal undoes that write only, not its neighbours. */
async function runAlone(
  transaction: WriteTransaction,
  { id, name, input }: WriteRequest,
): Promise<Settled> {
  const run = writeFunctions[name as keyof typeof writeFunctions] as (
    transaction: WriteTransaction,
    input: unknown,
  ) => Promise<unknown>;
  try {
    const value = await inSavepoint(transaction, () => run(transaction, input));
    return { id, status: "done", value };
  } catch (error) {
    if (isOfTheDatabase(error)) throw error;
    return failed(id, error);
  }
}

/** Does it, or, when it throws, leaves everything as it was before. */
async function inSavepoint<Value>(
  { connection, events }: WriteTransaction,
  work: () => Promise<Value>,
): Promise<Value> {
  const eventsBefore = events.length;
  await control(connection, "savepoint write");
  try {
    const value = await work();
    await control(connection, "release write");
    return value;
  } catch (error) {
    events.length = eventsBefore;
    try {
      await control(connection, "rollback to write");
      await control(connection, "release write");
    } catch {
      // The database has undone the whole transaction already, as at a full
      // disk; the first error says why.
    }
    throw error;
  }
}
