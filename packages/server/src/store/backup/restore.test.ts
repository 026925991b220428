import { Database } from "bun:sqlite";
import { afterAll, describe, expect, test } from "bun:test";
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { backupPlaces, logOf } from "../../testing/backup-places.ts";
import { FolderInUseError, lockFolder } from "../sqlite/folder-lock.ts";
import { BackupError } from "./backup-error.ts";
import { restore } from "./restore.ts";

const places = await backupPlaces();
afterAll(places.clear);
const { lived, scratch, backup, newFolder, killedFolder } = places;

describe("a restore", () => {
  test("[P23] [I2] has every row of the backup in one file, and the log a new name", () => {
    const folder = newFolder();
    const restored = restore({ folder, from: backup, isReplacing: false });
    const { epoch, ...rows } = logOf(folder);
    const { epoch: old, ...wanted } = logOf(lived);
    expect(rows).toEqual(wanted);
    expect(epoch).not.toBe(old);
    expect(epoch).toContain(restored.epoch);
    expect(restored.kept).toBeUndefined();
    expect(readdirSync(folder).sort()).toEqual(["lock.db", "parley.db"]);
    expect(statSync(path.join(folder, "parley.db")).mode & 0o777).toBe(0o600);
  });

  test("[P23] replaces a database only when it is told to, and keeps the old one with what was in its log", () => {
    const folder = killedFolder();
    const from = backup;
    expect(() => restore({ folder, from, isReplacing: false })).toThrow(
      /--replace/,
    );
    const { kept = "" } = restore({ folder, from, isReplacing: true });
    expect(path.basename(kept)).toMatch(/^parley-before-\d{4}-.*Z\.db$/);
    expect(readdirSync(folder).sort()).toEqual(
      ["lock.db", path.basename(kept), "parley.db"].sort(),
    );
    const nameIn = (file: string) => {
      using database = new Database(file, { readonly: true });
      return database.query("select distinct name from people").values();
    };
    expect(nameIn(kept)).toEqual([["of the log"]]);
    expect(nameIn(path.join(folder, "parley.db"))).not.toContainEqual([
      "of the log",
    ]);
  });

  test("[P23] a log that lies about is not read into what was restored", () => {
    const folder = killedFolder();
    rmSync(path.join(folder, "parley.db"));
    restore({ folder, from: backup, isReplacing: false });
    expect(logOf(folder).people).toEqual(logOf(lived).people);
    expect(
      readdirSync(folder).some((name) => /before.*\.db-wal$/.test(name)),
    ).toBe(true);
  });

  test("a database that cannot be opened any more is kept as it lies", () => {
    const folder = newFolder();
    mkdirSync(folder);
    for (const end of ["", "-wal"]) {
      writeFileSync(path.join(folder, `parley.db${end}`), "broken".repeat(999));
    }
    const { kept = "" } = restore({ folder, from: backup, isReplacing: true });
    for (const end of ["", "-wal"]) {
      expect(readFileSync(kept + end, "utf8")).toBe("broken".repeat(999));
    }
    expect(logOf(folder).events).toEqual(logOf(lived).events);
  });

  test("of a folder that was copied by hand has what was in its log, and the copy is only read", () => {
    const from = path.join(killedFolder(), "parley.db");
    const before = [from, `${from}-wal`].map((file) => readFileSync(file));
    const folder = newFolder();
    restore({ folder, from, isReplacing: false });
    expect(logOf(folder).people.join()).toContain("of the log");
    expect([from, `${from}-wal`].map((file) => readFileSync(file))).toEqual(
      before,
    );
  });

  test("is refused while a server runs there, or on what would be restored", () => {
    const folder = newFolder();
    restore({ folder, from: backup, isReplacing: false });
    const before = logOf(folder);
    using lock = lockFolder(folder);
    expect(lock).toBeDefined();
    expect(() => restore({ folder, from: backup, isReplacing: true })).toThrow(
      FolderInUseError,
    );
    expect(logOf(folder)).toEqual(before);
    const from = path.join(folder, "parley.db");
    expect(() =>
      restore({ folder: newFolder(), from, isReplacing: false }),
    ).toThrow(/in use by a running Parley/);
  });

  /** The backup with a change. */
  function changed(name: string, change: (database: Database) => void): string {
    const file = path.join(scratch, name);
    copyFileSync(backup, file);
    const database = new Database(file);
    change(database);
    database.close();
    return file;
  }
  const text = path.join(scratch, "text.db");
  writeFileSync(text, "x".repeat(9_000));
  const torn = path.join(scratch, "torn.db");
  const bytes = readFileSync(backup);
  writeFileSync(torn, bytes.fill(0xff, 20_000, 60_000));
  for (const [what, from, sentence] of [
    ["no file", path.join(scratch, "none.db"), /There is no file/],
    ["a folder", scratch, /is not a file/],
    ["a text", text, /it is not a database/],
    [
      "another program's database",
      changed("other.db", (database) => {
        database.run("drop table meta");
      }),
      /not the database of a Parley/,
    ],
    [
      "a newer Parley's",
      changed("newer.db", (database) => {
        database.run("update meta set value = '99' where key = 'version'");
      }),
      /written by a newer Parley \(its version is 99/,
    ],
    ["a damaged one", torn, /is damaged|cannot be restored/],
    [
      "one whose rows point nowhere",
      changed("nowhere.db", (database) => {
        database.run("pragma foreign_keys = off");
        database.run("delete from people where role = 'bot'");
      }),
      /is damaged/,
    ],
  ] as const) {
    test(`is refused with a sentence and leaves all as it was: ${what}`, () => {
      const folder = newFolder();
      restore({ folder, from: backup, isReplacing: false });
      const before = logOf(folder);
      const put = () => restore({ folder, from, isReplacing: true });
      expect(put).toThrow(BackupError);
      expect(put).toThrow(sentence);
      expect(logOf(folder)).toEqual(before);
      expect(readdirSync(folder).sort()).toEqual(["lock.db", "parley.db"]);
    });
  }

  test.skipIf(process.getuid?.() !== 0)(
    "by root belongs to whom the folder belongs to, or the server could not open it",
    () => {
      const folder = newFolder();
      mkdirSync(folder, { mode: 0o777 });
      Bun.spawnSync(["chown", "65534:65534", folder]);
      restore({ folder, from: backup, isReplacing: false });
      for (const name of ["parley.db", "lock.db"]) {
        expect(statSync(path.join(folder, name)).uid).toBe(65_534);
      }
    },
  );

  test.skipIf(process.getuid?.() === 0)(
    "into a folder that cannot be written is refused",
    () => {
      const folder = newFolder();
      mkdirSync(folder);
      chmodSync(folder, 0o500);
      expect(() =>
        restore({ folder, from: backup, isReplacing: false }),
      ).toThrow(/cannot be made or written/);
    },
  );
});
