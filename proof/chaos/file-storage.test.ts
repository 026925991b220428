import { afterAll, expect, test } from "bun:test";
import { appendFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Batch } from "../../packages/client/src/storage.ts";
import { FileStorage } from "./file-storage.ts";

const folder = mkdtempSync(path.join(tmpdir(), "parley-file-storage-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

let files = 0;
function newFile(): string {
  files += 1;
  return path.join(folder, `${files}.ndjson`);
}

function write(storage: FileStorage, batch: Batch): Promise<string> {
  return new Promise((resolve) => {
    storage.write(batch, resolve);
  });
}

function load(storage: FileStorage): Promise<Record<string, unknown>> {
  return new Promise((resolve) => {
    storage.load("", (records) => {
      resolve(Object.fromEntries(records ?? []));
    });
  });
}

test("what was written is there when the file is opened again", async () => {
  const file = newFile();
  using storage = new FileStorage(file);
  const puts = new Map<string, unknown>([
    ["a/1", { text: "one\ntwo" }],
    ["a/2", 2],
    ["b/1", null],
  ]);
  expect(await write(storage, { puts })).toBe("written");
  await write(storage, { clears: ["a/"], puts: new Map([["a/3", 3]]) });
  using again = new FileStorage(file);
  expect(await load(again)).toEqual({ "a/3": 3, "b/1": null });
});

test("a batch whose guard does not hold does nothing", async () => {
  using storage = new FileStorage(newFile());
  await write(storage, { puts: new Map([["turn", 1]]) });
  const batch = { guards: new Map([["turn", 2]]), deletes: ["turn"] };
  expect(await write(storage, batch)).toBe("refused");
  expect(await load(storage)).toEqual({ turn: 1 });
});

test("a batch that was half written when the process was killed never was", async () => {
  const file = newFile();
  using storage = new FileStorage(file);
  await write(storage, { puts: new Map([["a", 1]]) });
  appendFileSync(file, '{"puts":[["a",2]');
  using again = new FileStorage(file);
  expect(await load(again)).toEqual({ a: 1 });
});

test("a long journal is written anew and stays what it says", async () => {
  const file = newFile();
  using storage = new FileStorage(file);
  const text = "x".repeat(100_000);
  for (let n = 0; n < 60; n += 1) {
    await write(storage, { puts: new Map([["last", `${n} ${text}`]]) });
  }
  expect(Bun.file(file).size).toBeLessThan(4_500_000);
  using again = new FileStorage(file);
  expect(await load(again)).toEqual({ last: `59 ${text}` });
});
