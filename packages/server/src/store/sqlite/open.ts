import { Database } from "bun:sqlite";

// Bun keeps 20 prepared statements per connection by default. A server has
// more than 20 different queries, and preparing one costs ten times running it.
Database.MAX_QUERY_CACHE_SIZE = 500;

/** The file that holds everything that was said. */
export const databaseFile = "parley.db";

/**
 * The one writing connection. An acknowledgement rests on `synchronous=FULL`:
 * each commit syncs the log. What the library defaults to is not trusted; it
 * is set and read back, and Parley does not start without it (P2).
 */
export function openForWriting(file: string): Database {
  const database = new Database(file, {
    create: true,
    readwrite: true,
    strict: true,
  });
  // First of all: the default is 0, which means "fail at once when locked".
  database.run("PRAGMA busy_timeout = 5000");
  database.run("PRAGMA journal_mode = WAL");
  database.run("PRAGMA synchronous = FULL");
  database.run("PRAGMA foreign_keys = ON");
  database.run("PRAGMA temp_store = MEMORY");
  database.run("PRAGMA cache_size = -32768"); // 32 MiB, taken as needed
  demand(database, "journal_mode", "wal");
  demand(database, "synchronous", 2);
  demand(database, "foreign_keys", 1);
  return database;
}

/** A connection that cannot write; opened after the writer has made the file. */
export function openForReading(file: string): Database {
  const database = new Database(file, { readonly: true, strict: true });
  database.run("PRAGMA busy_timeout = 5000");
  database.run("PRAGMA temp_store = MEMORY");
  database.run("PRAGMA cache_size = -32768");
  return database;
}

function demand(
  database: Database,
  pragma: string,
  wanted: string | number,
): void {
  const row = database
    .query<Record<string, unknown>, []>(`PRAGMA ${pragma}`)
    .get();
  const found = row === null ? undefined : Object.values(row)[0];
  if (found !== wanted) {
    throw new Error(
      `SQLite's ${pragma} is ${String(found)} instead of ${wanted}: messages would not survive a power cut, so Parley does not start. Is PARLEY_DATA on a network drive?`,
    );
  }
}
