import { afterAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import {
  ask,
  contentsOfDatabase,
  contentsOfFolder,
  livedInFolder,
  nodeOn,
  oddTexts,
} from "../../testing/moved-place.ts";
import { refusal, stopAt } from "../../testing/moves.ts";
import { createTestDatabase } from "../../testing/test-postgres.ts";
import { databaseFile } from "../sqlite/open.ts";
import { moveToPostgres } from "./move-to-postgres.ts";

setDefaultTimeout(30_000);

const source = await livedInFolder();
const another = await livedInFolder(1);
afterAll(async () => {
  await source.clear();
  await another.clear();
});

const { folder, stream, seq } = source;

describe("[D-1] [D-7] everything that was said", () => {
  test("is in PostgreSQL afterwards, row by row as it was", async () => {
    const before = contentsOfFolder(folder);
    const url = await createTestDatabase();
    const { claimed, copied, tables } = await moveToPostgres({ folder, url });
    expect(claimed).toBe("new");
    expect(await contentsOfDatabase(url)).toEqual(before);
    // The rows are what they were meant to be, and not all of one kind.
    const texts = before["messages"]?.join("\n") ?? "";
    for (const text of oddTexts) expect(texts).toContain(JSON.stringify(text));
    const events = before["events"] ?? [];
    expect(events.some((row) => row.includes('"cid":null'))).toBe(true);
    for (const { table, rows } of tables) {
      expect(rows).toBe(before[table]?.length ?? -1);
      expect(rows).toBeGreaterThan(0);
    }
    expect(copied).toBe(tables.reduce((sum, { rows }) => sum + rows, 0));
  });

  test("stays in the folder as it was, to the byte", async () => {
    const here = await livedInFolder(20);
    const file = path.join(here.folder, databaseFile);
    expect(readdirSync(here.folder)).toEqual([databaseFile]);
    const bytes = readFileSync(file);
    const url = await createTestDatabase();
    await moveToPostgres({ folder: here.folder, url });
    // Every server makes the other one too, to be alone in the folder.
    expect(readdirSync(here.folder).sort()).toEqual(["lock.db", databaseFile]);
    expect(readFileSync(file)).toEqual(bytes);
    await here.clear();
  });

  test("is the same in pages as small as one row", async () => {
    const url = await createTestDatabase();
    await moveToPostgres({ folder, url, pageRows: 1 });
    expect(await contentsOfDatabase(url)).toEqual(contentsOfFolder(folder));
  });

  test("[D-3] [D-5] [I2] goes on under the same epoch: the log, its numbers, and what a cid stands for", async () => {
    const here = await livedInFolder(20);
    const url = await createTestDatabase();
    await moveToPostgres({ folder: here.folder, url });
    const node = nodeOn(url);
    await Promise.all([here.store.open(), node.open()]);
    for (const fact of ["epoch", "lobby", "secret"] as const) {
      expect(node.store[fact]).toBe(here.store.store[fact]);
    }
    const log = await here.store.log(here.stream);
    expect(await node.log(here.stream)).toEqual(log);
    await here.store.clear();

    const { cid } = here;
    const place = { stream: here.stream };
    const first = await node.post(here.author, "the first", { ...place, cid });
    expect(first).toMatchObject({ seq: here.seq, repeated: true });
    const next = await node.post(here.author, "the next", place);
    expect(next).toMatchObject({ seq: log.length + 1 });
    await node.store[Symbol.asyncDispose]();
  });
});

describe("a copy that was stopped", () => {
  test("[D-1] goes on from the last page, wherever it was stopped, and copies no row twice", async () => {
    const places = [
      { step: "copying", table: "people" },
      { step: "copying", table: "events" },
      { step: "copying", table: "messages" },
      { step: "comparing", table: "events" },
    ] as const;
    const url = await createTestDatabase();
    const rows = Object.values(contentsOfFolder(folder)).flat().length;
    for (const place of places)
      await stopAt(place, { folder, url, pageRows: 7 });
    const [found] = await ask(url, "select count(*) as rows from messages");
    expect(Number(found?.["rows"])).toBeGreaterThan(0);
    const moved = await moveToPostgres({ folder, url });
    expect(moved).toMatchObject({ claimed: "resumed", copied: 0 });
    expect(await contentsOfDatabase(url)).toEqual(contentsOfFolder(folder));
    // Only meta is not counted as copied.
    const total = moved.tables.reduce((sum, table) => sum + table.rows, 0);
    expect(total).toBe(rows - 4);
  });

  test("[D-1] begins anew when a server was started on the folder in between", async () => {
    const here = await livedInFolder(50);
    const url = await createTestDatabase();
    const options = { folder: here.folder, url, pageRows: 7 };
    await stopAt({ step: "copying", table: "messages" }, options);
    await here.store.open();
    await here.store.post(here.author, "in between");
    await here.store.store[Symbol.asyncDispose]();
    expect(await moveToPostgres(options)).toMatchObject({ claimed: "anew" });
    expect(await contentsOfDatabase(url)).toEqual(
      contentsOfFolder(here.folder),
    );
    await here.clear();
  });

  test("is not touched by the copy of another Parley", async () => {
    const url = await createTestDatabase();
    await stopAt({ step: "copying", table: "events" }, { folder, url });
    const before = await contentsOfDatabase(url);
    expect(await refusal({ folder: another.folder, url })).toMatch(
      /unfinished copy of another Parley\. Nothing was changed/,
    );
    expect(await contentsOfDatabase(url)).toEqual(before);
  });
});

describe("[D-7] what is not the same", () => {
  const changes: [string, string, RegExp][] = [
    [
      "one byte of one message",
      `update messages set text = overlay(text placing '!' from 3)
        where (stream, seq) = ($1, $2::bigint)`,
      /^"messages" is not the same on both sides: the row \(ROW\) has another "text" in PostgreSQL\./,
    ],
    [
      "a time in an event",
      "update events set at = at + 1 where (stream, seq) = ($1, $2::bigint)",
      /^"events" .* the row \(ROW\) has another "at" in/,
    ],
    [
      "a cid that is missing",
      "update events set cid = null where (stream, seq) = ($1, $2::bigint)",
      /^"events" .* the row \(ROW\) has another "cid" in/,
    ],
    [
      "a row that is missing",
      "delete from messages where (stream, seq) = ($1, $2::bigint)",
      /^"messages" .* the row \(ROW\) is missing in PostgreSQL\./,
    ],
    [
      "a row too many",
      "insert into messages select stream, 999, by, text from messages where (stream, seq) = ($1, $2::bigint)",
      /^"messages" .* the row \(stream STREAM, seq 999\) is in PostgreSQL only\./,
    ],
    [
      "a row behind all others",
      "insert into events select 'zzz', seq, type, at, 'u_zzz', cid, data from events where (stream, seq) = ($1, $2::bigint)",
      /^"events" .* the row \(stream zzz, seq \d+\) is in PostgreSQL only\./,
    ],
  ];
  for (const [what, change, sentence] of changes) {
    test(`is found and named before a server can start: ${what}`, async () => {
      const url = await createTestDatabase();
      const place = { step: "comparing", table: "people" } as const;
      await stopAt(place, { folder, url });
      await ask(url, change, [stream, seq]);
      const said = await refusal({ folder, url, pageRows: 50 });
      const row = `stream ${stream}, seq ${seq}`;
      expect(said.replace(row, "ROW").replace(stream, "STREAM")).toMatch(
        sentence,
      );
      expect(said).toContain("stays unfinished, and no server starts on it");
      const kept = await ask(url, "select key from meta");
      expect(kept).toContainEqual({ key: "copying" });
      expect(kept).not.toContainEqual({ key: "epoch" });
    });
  }

  test("is found in a finished copy as well, which is left as it is", async () => {
    const url = await createTestDatabase();
    await moveToPostgres({ folder, url });
    expect(await moveToPostgres({ folder, url })).toMatchObject({
      claimed: "finished",
      copied: 0,
    });
    await ask(url, "update people set email = 'eve@example.org'");
    const before = await contentsOfDatabase(url);
    const said = await refusal({ folder, url });
    expect(said).toMatch(/holds a finished copy.* has another "email" in/);
    expect(said).toMatch(/if a server has run on either since/);
    // [L-5] Which row, and not what is in it.
    expect(said).not.toContain("example.org");
    expect(await contentsOfDatabase(url)).toEqual(before);
  });
});
