import { ParleyError, type ErrorCode } from "@parley/protocol";
import { CompiledQuery } from "kysely";
import type { Connection, WritingConnection } from "./connection.ts";
import type { CommittedEvent } from "./store.ts";
import {
  appendMessages,
  type MessageToAppend,
} from "./writes/append-messages.ts";
import type { WriteTransaction } from "./writes/transaction.ts";
import { touchedStreams } from "./writes/touched-streams.ts";
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
 * Rejects when the transaction itself fails: then nothing was stored (D-9), or,
 * when the connection was lost while it committed, nobody knows. What has not
 * begun after `runMsMax` waits for another batch: it is not among the settled.
 */
export async function commitBatch(
  connection: WritingConnection,
  requests: readonly WriteRequest[],
  now: number,
  { runMsMax = Infinity }: { runMsMax?: number } = {},
): Promise<Committed> {
  const asked = { connection, requests, now, runMsMax };
  try {
    return await attempt(asked, { isCareful: false });
  } catch (error) {
    if (connection.isFailureOfAll(error)) throw error;
    // Some post was what nobody foresaw. That is rare enough to do everything
    // again with care instead of taking care each time.
    return attempt(asked, { isCareful: true });
  }
}

async function attempt(
  {
    connection,
    requests,
    now,
    runMsMax,
  }: {
    connection: WritingConnection;
    requests: readonly WriteRequest[];
    now: number;
    runMsMax: number;
  },
  { isCareful }: { isCareful: boolean },
): Promise<Committed> {
  const { db } = connection;
  const events: WriteTransaction["events"] = [];
  const transaction = { connection, db, now, events };
  const settled: Settled[] = [];
  const written: Promise<unknown>[] = [];
  try {
    await connection.begin(() =>
      requests.flatMap(({ name, input }) => touchedStreams(name, input)),
    );
    const until = performance.now() + runMsMax;
    for (const run of runsOf(requests)) {
      if (performance.now() > until) break;
      if (run[0]?.name !== "appendMessage") {
        // A refusal undoes what was written since its savepoint: rows of posts
        // that are still on their way would go with it (D-1).
        await Promise.all(written.splice(0));
        settled.push(await runAlone(transaction, run[0] as WriteRequest));
      } else {
        settled.push(
          ...(isCareful
            ? await runPostsCarefully(transaction, run)
            : await runPosts(transaction, run, written)),
        );
      }
    }
    await connection.commit(written, () => new Set(events.map(streamOf)));
  } catch (error) {
    await undo(connection);
    throw error;
  }
  return { settled, events: transaction.events };
}

function streamOf({ stream }: CommittedEvent): string {
  return stream;
}

/** Ends and divides transactions. */
async function control(
  connection: Connection,
  statement: string,
): Promise<void> {
  await connection.run(CompiledQuery.raw(statement));
}

async function undo(connection: WritingConnection): Promise<void> {
  try {
    await control(connection, "rollback");
  } catch {
    // There is no transaction any more: the database has undone it by itself,
    // as at a full disk, or the connection is gone and took it along.
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

/** Posts together. Their rows are on their way when this resolves: `written` tells. */
async function runPosts(
  transaction: WriteTransaction,
  run: readonly WriteRequest[],
  written: Promise<unknown>[],
): Promise<Settled[]> {
  const appended = await appendMessages(transaction, run.map(asPost));
  // It is waited for at the commit; until then it is nobody's rejection.
  appended.written.catch(() => undefined);
  written.push(appended.written);
  return settledPosts(run, appended.answers);
}

/**
 * Posts together, or each by itself should one of them be what nobody foresaw,
 * so that it takes no neighbour with it.
 */
async function runPostsCarefully(
  transaction: WriteTransaction,
  run: readonly WriteRequest[],
): Promise<Settled[]> {
  try {
    const answers = await inSavepoint(transaction, async () => {
      const appended = await appendMessages(transaction, run.map(asPost));
      await appended.written;
      return appended.answers;
    });
    return settledPosts(run, answers);
  } catch (error) {
    const [only, ...others] = run;
    const isOfAll = transaction.connection.isFailureOfAll(error);
    if (only === undefined || isOfAll) throw error;
    if (others.length === 0) return [failed(only.id, error)];
    const settled: Settled[] = [];
    for (const one of run) {
      settled.push(...(await runPostsCarefully(transaction, [one])));
    }
    return settled;
  }
}

function asPost({ input }: WriteRequest): MessageToAppend {
  return input as MessageToAppend;
}

function settledPosts(
  run: readonly WriteRequest[],
  answers: readonly unknown[],
): Settled[] {
  return run.map(({ id }, index) => settledPost(id, answers[index]));
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
    if (transaction.connection.isFailureOfAll(error)) throw error;
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
