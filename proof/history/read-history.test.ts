import { afterAll, expect, test } from "bun:test";
import { Database } from "bun:sqlite";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { checkFolder, finalLogFile } from "../checker/check-folder.ts";
import { endQuietly, soundStory } from "../checker/testing/story.ts";
import { FileHistory } from "./history.ts";
import { readHistory } from "./read-history.ts";
import { parsedLog, readSqliteLog, writtenLog } from "./read-log.ts";
import type { HistoryRecord } from "./record.ts";

const folder = mkdtempSync(path.join(tmpdir(), "parley-history-"));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function fileOf(name: string, records: Iterable<HistoryRecord>): string {
  const file = path.join(folder, name);
  using history = new FileHistory(file);
  for (const record of records) history.record(record);
  return file;
}

function phases(times: Iterable<number>): HistoryRecord[] {
  return [...times].map((t) => ({ t, k: "phase", is: "begun" }));
}

test("several files are read as one, by time, however long they are", () => {
  const count = 60_000;
  const even = Array.from({ length: count }, (_, index) => 2 * index);
  const files = [
    fileOf("even.ndjson", phases(even)),
    fileOf("odd.ndjson", phases(even.map((t) => t + 1))),
    fileOf("none.ndjson", []),
  ];
  const times = [...readHistory(files)].map(({ t }) => t);
  expect(times).toHaveLength(2 * count);
  expect(times.every((t, index) => t === index)).toBe(true);
});

test("of one moment, those of a file stay together, and the first file comes first", () => {
  const server = (node: string): HistoryRecord => {
    return { t: 5, k: "server", node, is: "ready" };
  };
  const files = [
    fileOf("first.ndjson", [server("a"), server("b")]),
    fileOf("second.ndjson", [server("c"), ...phases([4])]),
  ];
  const read = [...readHistory(files)];
  expect(read.map((record) => ("node" in record ? record.node : ""))).toEqual([
    ...["a", "b", "c", ""],
  ]);
});

test("whoever is killed may leave half a line; half a line further up is a mistake", () => {
  const half = path.join(folder, "half.ndjson");
  const [line = ""] = phases([1]).map((record) => JSON.stringify(record));
  writeFileSync(half, `${line}\n${line.slice(0, 9)}`);
  expect([...readHistory([half])]).toHaveLength(1);
  writeFileSync(half, `${line.slice(0, 9)}\n${line}\n`);
  expect(() => [...readHistory([half])]).toThrow("half.ndjson:1 is no record");
});

test("a folder is judged with the log that it holds", async () => {
  const story = soundStory();
  endQuietly(story);
  const run = path.join(folder, "run");
  const of = (c: string) =>
    story.records.filter((record) => "c" in record && record.c === c);
  const others = story.records.filter((record) => !("c" in record));
  await Bun.write(path.join(run, finalLogFile), writtenLog(story.log));
  for (const c of ["ann1", "ben1", "cat1"]) fileOf(`run/${c}.ndjson`, of(c));
  fileOf("run/runner.ndjson", others);
  expect(await checkFolder(run)).toMatchObject({
    ...{ verdict: "passed", violations: [] },
    counts: { records: story.records.length, acknowledged: 6 },
  });

  story.events("room").pop();
  await Bun.write(path.join(run, finalLogFile), writtenLog(story.log));
  const { verdict, report } = await checkFolder(run);
  expect(verdict).toBe("violated");
  expect(report).toContain("[D-1]");
});

test("the final log is what stands in the database", () => {
  using database = new Database(":memory:");
  for (const statement of [
    "create table meta (key text, value text)",
    "create table members (stream text, person text, read integer)",
    `create table events (stream text, seq integer, type text, at integer, "by" text, cid text, data text)`,
    "create table messages (stream text, seq integer, text text, deleted integer)",
    "insert into meta values ('epoch', 'e1')",
    `insert into events values
      ('r', 3, 'member.left', 12, 'ann', 'cid-2', '{"person":"ann"}'),
      ('r', 1, 'member.joined', 10, 'ann', null, '{"person":{"id":"ann","name":"Ann"}}'),
      ('r', 2, 'message.posted', 11, 'ann', 'cid-1', null),
      ('r', 4, 'message.posted', 13, 'ben', 'cid-3', null),
      ('r', 5, 'message.deleted', 14, 'ben', 'cid-4', '{"message":4}')`,
    "insert into messages values ('r', 2, 'hello', 0), ('r', 4, '', 1)",
    "insert into members values ('r', 'ben', 2)",
  ]) {
    database.run(statement);
  }
  const log = readSqliteLog(database);
  const nobody = { cid: null, text: null, person: null };
  expect(log).toEqual({
    epoch: "e1",
    streams: new Map([
      [
        "r",
        [
          {
            ...nobody,
            seq: 1,
            at: 10,
            type: "member.joined",
            by: "ann",
            person: "ann",
          },
          {
            ...nobody,
            seq: 2,
            at: 11,
            type: "message.posted",
            by: "ann",
            cid: "cid-1",
            text: "hello",
          },
          {
            ...nobody,
            seq: 3,
            at: 12,
            type: "member.left",
            by: "ann",
            cid: "cid-2",
            person: "ann",
          },
          {
            ...nobody,
            seq: 4,
            at: 13,
            type: "message.posted",
            by: "ben",
            cid: "cid-3",
            text: "",
            deleted: true,
          },
          {
            ...nobody,
            seq: 5,
            at: 14,
            type: "message.deleted",
            by: "ben",
            cid: "cid-4",
            message: 4,
          },
        ],
      ],
    ]),
    marks: [{ stream: "r", person: "ben", read: 2 }],
  });
  expect(parsedLog(writtenLog(log))).toEqual(log);
});
