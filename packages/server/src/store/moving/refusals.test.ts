import { Database } from "bun:sqlite";
import { afterAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import {
  ask,
  contentsOfDatabase,
  livedInFolder,
} from "../../testing/moved-place.ts";
import { refusal } from "../../testing/moves.ts";
import { createTestDatabase } from "../../testing/test-postgres.ts";
import { databaseFile } from "../sqlite/open.ts";
import { moveToPostgres } from "./move-to-postgres.ts";

setDefaultTimeout(30_000);

const source = await livedInFolder(1);
const another = await livedInFolder(1);
afterAll(async () => {
  await source.clear();
  await another.clear();
});

const { folder } = source;

describe("a database that is not for this copy is refused with a sentence and left as it is:", () => {
  test("one that holds another Parley", async () => {
    const url = await createTestDatabase();
    await moveToPostgres({ folder: another.folder, url });
    const before = await contentsOfDatabase(url);
    expect(await refusal({ folder, url })).toMatch(
      /holds another Parley\. Nothing was changed/,
    );
    expect(await contentsOfDatabase(url)).toEqual(before);
  });

  const others: [string, string[], RegExp][] = [
    [
      "one with somebody else's table of our name",
      ["create table people (name text)"],
      /something else under the names that Parley needs \("people"\)/,
    ],
    [
      "one with somebody else's meta",
      ["create table meta (id bigint)"],
      /\("meta"\)/,
    ],
    [
      "one with a meta like ours and something in it",
      [
        "create table meta (key text, value text)",
        "insert into meta values ('colour', 'green')",
      ],
      /\("meta"\)/,
    ],
  ];
  for (const [what, statements, sentence] of others) {
    test(what, async () => {
      const url = await createTestDatabase();
      for (const statement of statements) await ask(url, statement);
      const tables =
        "select tablename from pg_tables where schemaname = 'public'";
      const before = await ask(url, tables);
      expect(await refusal({ folder, url })).toMatch(sentence);
      expect(await ask(url, tables)).toEqual(before);
    });
  }

  test("but tables of other names are nobody's trouble", async () => {
    const url = await createTestDatabase();
    await ask(url, "create table recipes (name text)");
    expect(await moveToPostgres({ folder, url })).toMatchObject({
      claimed: "new",
    });
  });
});

describe("a data folder that cannot be moved is refused with a sentence:", () => {
  const versions: [string, string, RegExp][] = [
    ["an older one", "0", /is of an older Parley.*Start this program's server/],
    ["a newer one", "99", /was written by a newer Parley.*its version is 99/],
  ];
  for (const [what, version, sentence] of versions) {
    test(what, async () => {
      const here = await livedInFolder(1);
      const database = new Database(path.join(here.folder, databaseFile));
      database.run("update meta set value = ? where key = 'version'", [
        version,
      ]);
      database.close();
      const url = await createTestDatabase();
      expect(await refusal({ folder: here.folder, url })).toMatch(sentence);
      const tables = "select from pg_tables where schemaname = 'public'";
      expect(await ask(url, tables)).toEqual([]);
      await here.clear();
    });
  }

  test("a text with NUL, which PostgreSQL cannot hold, is named", async () => {
    const here = await livedInFolder(1);
    const database = new Database(path.join(here.folder, databaseFile));
    database.run("update messages set text = ? where stream = ? and seq = ?", [
      "a\u0000b",
      here.stream,
      here.seq,
    ]);
    database.close();
    const url = await createTestDatabase();
    const row = `(stream ${here.stream}, seq ${here.seq})`;
    expect(await refusal({ folder: here.folder, url, pageRows: 1 })).toContain(
      `"messages" between ${row} and ${row}: it has a NUL`,
    );
    await here.clear();
  });

  test("a damaged one, in the middle of it", async () => {
    const here = await livedInFolder(2_000);
    const file = path.join(here.folder, databaseFile);
    const bytes = readFileSync(file);
    bytes.fill(0xff, bytes.length / 2);
    writeFileSync(file, bytes);
    const url = await createTestDatabase();
    expect(await refusal({ folder: here.folder, url })).toMatch(
      /cannot be (?:used|read) \(.*malformed/,
    );
    await here.clear();
  });
});
