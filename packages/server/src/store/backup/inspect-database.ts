import { statSync, type Stats } from "node:fs";
import path from "node:path";
import { sqliteWords } from "../migrations/dialect-words.ts";
import { migrationsFor } from "../migrations/migrations.ts";
import { databaseFile, type openForReading } from "../sqlite/open.ts";
import { BackupError, reasonOf } from "./backup-error.ts";

/** SQLite's, for reading or for writing. */
export type Database = ReturnType<typeof openForReading>;

/** How much is in a database, for people. */
export interface Contents {
  messages: number;
  rooms: number;
  people: number;
}

/** The file of a data folder's database. Throws BackupError when it is not there. */
export function demandDatabase(folder: string): string {
  const absolute = path.resolve(folder);
  const file = path.join(absolute, databaseFile);
  if (whatIs(file) !== undefined) return file;
  throw new BackupError(
    `There is no database in "${absolute}". Name the data folder with --data or PARLEY_DATA.`,
  );
}

/** What has this name; undefined: nothing. Throws BackupError where that is not told. */
export function whatIs(file: string): Stats | undefined {
  try {
    return statSync(file, { throwIfNoEntry: false });
  } catch (cause) {
    throw new BackupError(`"${file}" cannot be read (${reasonOf(cause)}).`, {
      cause,
    });
  }
}

/** Throws BackupError when it is something else than the database of a Parley. */
export function demandParley(database: Database, file: string): void {
  const meta = readMeta(database, file);
  if (meta.has("epoch") && meta.has("lobby")) return;
  throw new BackupError(`"${file}" is not the database of a Parley.`);
}

/** Throws BackupError when a newer Parley wrote it. */
export function demandKnownVersion(database: Database, file: string): void {
  const known = migrationsFor(sqliteWords).length;
  const version = Number(readMeta(database, file).get("version"));
  if (version >= 1 && version <= known) return;
  throw new BackupError(
    `"${file}" was written by a newer Parley (its version is ${version}, this program knows ${known}). Use the newer program.`,
  );
}

/**
 * Throws BackupError when the file is damaged: each page, index and reference
 * is looked at.
 */
export function demandWhole(database: Database, file: string): void {
  const found = [
    ...firstRow(database, "pragma integrity_check(1)", file),
    ...firstRow(database, "pragma foreign_key_check", file),
  ];
  if (found.length === 1 && found[0] === "ok") return;
  throw new BackupError(
    `"${file}" is damaged (${found.filter((word) => word !== "ok").join(" ")}). Use another backup.`,
  );
}

export function contentsOf(database: Database): Contents {
  return {
    messages: count(database, "messages"),
    rooms: count(database, "rooms"),
    people: count(database, "people"),
  };
}

function readMeta(database: Database, file: string): Map<string, string> {
  try {
    using query = database.prepare<{ key: string; value: string }, []>(
      "select key, value from meta",
    );
    return new Map(query.all().map(({ key, value }) => [key, value]));
  } catch (cause) {
    throw new BackupError(
      `"${file}" is not the database of a Parley (${reasonOf(cause)}).`,
      { cause },
    );
  }
}

function firstRow(database: Database, pragma: string, file: string): string[] {
  try {
    using query = database.prepare<Record<string, unknown>, []>(pragma);
    return Object.values(query.get() ?? {}).map(String);
  } catch (cause) {
    throw new BackupError(
      `"${file}" is damaged (${reasonOf(cause)}). Use another backup.`,
      { cause },
    );
  }
}

function count(database: Database, table: keyof Contents): number {
  using query = database.prepare<{ count: number }, []>(
    `select count(*) as count from ${table}`,
  );
  return query.get()?.count ?? 0;
}
