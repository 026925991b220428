import { Database } from "bun:sqlite";
import { afterAll, expect, test } from "bun:test";
import { rmSync } from "node:fs";
import path from "node:path";
import { temporaryFolder } from "../../testing/temporary-folder.ts";
import { openForReading, openForWriting } from "./open.ts";

const folder = temporaryFolder();
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function pragma(database: Database, name: string): unknown {
  const row = database.query(`PRAGMA ${name}`).get() as Record<string, unknown>;
  return Object.values(row)[0];
}

test("[P2] the writing connection syncs every commit: WAL and FULL, read back from SQLite", () => {
  const database = openForWriting(path.join(folder, "full.db"));
  expect(pragma(database, "journal_mode")).toBe("wal");
  expect(pragma(database, "synchronous")).toBe(2);
  expect(pragma(database, "foreign_keys")).toBe(1);
  expect(pragma(database, "busy_timeout")).toBe(5_000);
  database.close();
});

test("[P2] what cannot have a write-ahead log is refused with a sentence, not opened with less", () => {
  expect(() => openForWriting(":memory:")).toThrow(
    "SQLite's journal_mode is memory instead of wal: messages would not survive a power cut, so Parley does not start.",
  );
});

test("a file that was left in another mode is brought back to WAL and FULL", () => {
  const file = path.join(folder, "other.db");
  const before = new Database(file, { create: true });
  before.run("PRAGMA journal_mode = DELETE");
  before.run("PRAGMA synchronous = OFF");
  before.run("create table t (x)");
  before.close();
  const database = openForWriting(file);
  expect(pragma(database, "journal_mode")).toBe("wal");
  expect(pragma(database, "synchronous")).toBe(2);
  database.close();
});

test("the reading connection sees what was committed and cannot write", () => {
  const file = path.join(folder, "read.db");
  const writer = openForWriting(file);
  writer.run("create table t (x integer) strict");
  const reader = openForReading(file);
  writer.run("insert into t values (1)");
  expect(reader.query("select x from t").all()).toEqual([{ x: 1 }]);
  expect(() => reader.run("insert into t values (2)")).toThrow("readonly");
  reader.close();
  writer.close();
});
