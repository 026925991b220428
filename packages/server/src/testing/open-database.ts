import type { Database } from "bun:sqlite";
import { rmSync } from "node:fs";
import path from "node:path";
import type { Kysely } from "kysely";
import { found, type Founded } from "../store/found.ts";
import { migrate } from "../store/migrate.ts";
import type { Schema } from "../store/schema.ts";
import type { WritingConnection } from "../store/connection.ts";
import { sqliteConnection } from "../store/sqlite/connection.ts";
import { sqliteWords } from "../store/migrations/dialect-words.ts";
import { migrationsFor } from "../store/migrations/migrations.ts";
import { databaseFile, openForWriting } from "../store/sqlite/open.ts";
import { temporaryFolder } from "./temporary-folder.ts";

export interface OpenDatabase extends Founded, AsyncDisposable {
  connection: WritingConnection;
  db: Kysely<Schema>;
  /** The same connection, for what SQLite alone knows. */
  database: Database;
  file: string;
}

/**
 * The database itself, founded, without the Worker: for tests that decide what
 * stands in one commit, and when.
 */
export async function openDatabase(): Promise<OpenDatabase> {
  const folder = temporaryFolder();
  const file = path.join(folder, databaseFile);
  const database = openForWriting(file);
  const connection = sqliteConnection(database);
  const { db } = connection;
  await migrate(db, migrationsFor(sqliteWords));
  const founded = await found(db, { lobbyName: "Lobby", now: 1_000 });
  return {
    ...founded,
    connection,
    db,
    database,
    file,
    [Symbol.asyncDispose]: async () => {
      await db.destroy();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
