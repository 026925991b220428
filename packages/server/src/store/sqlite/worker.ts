import { commitBatch, type WriteRequest } from "../commit-batch.ts";
import type { WritingConnection } from "../connection.ts";
import { found } from "../found.ts";
import { migrate } from "../migrate.ts";
import { sqliteConnection } from "./connection.ts";
import type { FailureReason, FromWorker, ToWorker } from "./messages.ts";
import { sqliteWords } from "../migrations/dialect-words.ts";
import { migrationsFor } from "../migrations/migrations.ts";
import { openForWriting } from "./open.ts";

// The one Worker that writes. While a commit is in flight, whatever arrives
// waits and shares the next one (group commit): no timers, batching appears
// under load and costs nothing without it.

/** Posts per commit: more would hold up the answers without saving syncs. */
const batchMax = 500;

let connection: WritingConnection | undefined;
const queue: WriteRequest[] = [];
let isFlushing = false;
let isClosing = false;

declare const self: Worker;

self.addEventListener("message", ({ data }: MessageEvent<ToWorker>) => {
  switch (data.kind) {
    case "open":
      void open(data);
      break;
    case "run":
      queue.push(...data.requests);
      void flush();
      break;
    case "close":
      isClosing = true;
      void flush();
      break;
  }
});

function post(message: FromWorker): void {
  postMessage(message);
}

async function open({
  file,
  lobbyName,
}: {
  file: string;
  lobbyName: string;
}): Promise<void> {
  try {
    const database = openForWriting(file);
    const opened = sqliteConnection(database);
    await migrate(opened.db, migrationsFor(sqliteWords));
    const founded = await found(opened.db, { lobbyName, now: Date.now() });
    connection = opened;
    post({ kind: "opened", founded });
  } catch (error) {
    post({ kind: "refused to open", message: sentenceFor(error, file) });
  }
}

/** Our own errors are sentences already; SQLite's are words that need one. */
function sentenceFor(error: unknown, file: string): string {
  if (!(error instanceof Error)) return String(error);
  return "code" in error
    ? `The database "${file}" cannot be used (${error.message}). Put a backup in its place, or choose another PARLEY_DATA.`
    : error.message;
}

async function flush(): Promise<void> {
  if (isFlushing || !connection) return;
  isFlushing = true;
  do {
    // A commit blocks this thread. Whatever arrived meanwhile is delivered
    // during this pause, and so shares the next commit.
    await new Promise((resolve) => setImmediate(resolve));
    const batch = queue.splice(0, batchMax);
    if (batch.length > 0) await commit(connection, batch);
  } while (queue.length > 0);
  isFlushing = false;
  if (isClosing) await close(connection);
}

async function commit(
  database: WritingConnection,
  batch: readonly WriteRequest[],
): Promise<void> {
  try {
    const committed = await commitBatch(database, batch, Date.now());
    post({ kind: "committed", ...committed });
  } catch (error) {
    post({
      kind: "failed",
      ids: batch.map(({ id }) => id),
      reason: reasonOf(error),
      message: String(error),
    });
  }
}

function reasonOf(error: unknown): FailureReason {
  const code =
    error instanceof Error && "code" in error ? String(error.code) : "";
  if (code.startsWith("SQLITE_FULL")) return "full";
  if (code.startsWith("SQLITE_BUSY")) return "busy";
  return "broken";
}

async function close({ db }: WritingConnection): Promise<void> {
  // Closing the last connection checkpoints the log into the database file.
  await db.destroy();
  post({ kind: "closed" });
}
