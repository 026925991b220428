import { Database } from "bun:sqlite";
import { afterAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { copyFileSync, rmSync } from "node:fs";
import path from "node:path";
import { migrateFile } from "../testing/dying-migration.ts";
import { temporaryFolder } from "../testing/temporary-folder.ts";
import { upgrades } from "../testing/upgrades.ts";
import { NewerDatabaseError, type Migration } from "./migrate.ts";
import { sqliteWords } from "./migrations/dialect-words.ts";
import { migrationsFor } from "./migrations/migrations.ts";

// One of these starts a process per statement.
setDefaultTimeout(30_000);

const migrations = migrationsFor(sqliteWords);

const folder = temporaryFolder();
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

let files = 0;
function newFile(): string {
  files += 1;
  return path.join(folder, `${files}.db`);
}

/** Everything that a database is: its tables with their texts, its rows. */
function contents(file: string): unknown {
  const database = new Database(file, { readonly: true });
  const tables = database
    .query<{ name: string; type: string; sql: string }, []>(
      "select type, name, sql from sqlite_schema order by name",
    )
    .all();
  const rows = tables
    .filter(({ type }) => type === "table")
    .map(({ name }) => database.query(`select * from "${name}"`).all());
  database.close();
  return { tables, rows };
}

const rowsOfVersionOne = [
  "insert into people values ('u_ann', 'Ann', 'guest', 'ann@example.org', 'page', 1)",
  "insert into streams values ('r_room', 2, 1)",
  "insert into rooms values ('r_room', 'Room', 'room', 'public', '', '', 'u_ann', 1)",
  "insert into members values ('r_room', 'u_ann', 2, 2)",
];

/** A database of the first version with something in it. */
async function oldDatabase(): Promise<string> {
  const file = newFile();
  await migrateFile(file, migrations.slice(0, 1));
  const database = new Database(file);
  for (const row of rowsOfVersionOne) database.run(row);
  database.run("PRAGMA wal_checkpoint(TRUNCATE)");
  database.close();
  return file;
}

async function statementsOf(steps: readonly Migration[], from?: string) {
  const file = newFile();
  if (from !== undefined) copyFileSync(from, file);
  let count = 0;
  await migrateFile(file, steps, (statement) => {
    count = statement;
  });
  return { count, result: contents(file) };
}

describe("[P22] an upgrade", () => {
  test("that fails behind any statement leaves the version that was there, and works the next time", async () => {
    const old = await oldDatabase();
    const before = contents(old);
    const { count, result } = await statementsOf(upgrades, old);
    expect(count).toBeGreaterThan(6);
    for (let last = 1; last < count; last += 1) {
      const failing = migrateFile(old, upgrades, (statement) => {
        if (statement === last) throw new Error("the disk is on fire");
      });
      expect(failing).rejects.toThrow("the disk is on fire");
      await failing.catch(() => undefined);
      expect(contents(old)).toEqual(before);
    }
    await migrateFile(old, upgrades);
    expect(contents(old)).toEqual(result);
  });

  test("whose process is killed behind any statement leaves the version that was there, and works the next time", async () => {
    const old = await oldDatabase();
    const before = contents(old);
    const { count, result } = await statementsOf(upgrades, old);
    const testing = path.join(import.meta.dir, "../testing");
    for (let last = 1; last <= count; last += 1) {
      const child = Bun.spawn([
        process.execPath,
        path.join(testing, "dying-migration.ts"),
        ...[old, path.join(testing, "upgrades.ts"), `${last}`],
      ]);
      await child.exited;
      expect(child.signalCode).toBe("SIGKILL");
      // Behind the last statement, the commit, the new version is complete.
      expect(contents(old)).toEqual(last < count ? before : result);
    }
  });

  test("in one go or one by one comes to the same", async () => {
    const { result } = await statementsOf(upgrades);
    const file = newFile();
    for (let version = 1; version <= upgrades.length; version += 1) {
      await migrateFile(file, upgrades.slice(0, version));
    }
    expect(contents(file)).toEqual(result);
  });
});

test("[P22] the first start that fails behind any statement leaves an empty database, and works the next time", async () => {
  const { count, result } = await statementsOf(migrations);
  const file = newFile();
  for (let last = 1; last < count; last += 1) {
    const failing = migrateFile(file, migrations, (statement) => {
      if (statement === last) throw new Error("the disk is on fire");
    });
    await failing.catch(() => undefined);
    expect(contents(file)).toEqual({ tables: [], rows: [] });
  }
  await migrateFile(file, migrations);
  expect(contents(file)).toEqual(result);
});

test("a start without anything to do changes nothing", async () => {
  const file = await oldDatabase();
  await migrateFile(file, migrations);
  const before = contents(file);
  await migrateFile(file, migrations);
  expect(contents(file)).toEqual(before);
});

test("a database of a newer version is refused with a sentence that names the setting, and left as it is", async () => {
  const file = await oldDatabase();
  await migrateFile(file, upgrades);
  const before = contents(file);
  const older = migrateFile(file, migrations);
  expect(older).rejects.toThrow(NewerDatabaseError);
  expect(older).rejects.toThrow(
    /^The data was written by a newer Parley \(its version is 4, this program knows 2\)\. Start the newer program/,
  );
  await older.catch(() => undefined);
  expect(contents(file)).toEqual(before);
});

test("every table is STRICT: a text in a number's place is refused, not stored", async () => {
  const file = newFile();
  await migrateFile(file, migrations);
  const { tables } = contents(file) as {
    tables: { type: string; name: string; sql: string | null }[];
  };
  const loose = tables.filter(
    ({ type, name, sql }) =>
      type === "table" && name !== "meta" && !/\bstrict\b/i.test(sql ?? ""),
  );
  expect(loose).toEqual([]);
});
