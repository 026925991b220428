import { afterAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { mkdirSync, readdirSync } from "node:fs";
import path from "node:path";
import { Client } from "pg";
import { copyLock } from "../store/moving/target.ts";
import { freePort } from "../testing/free-port.ts";
import {
  ask,
  contentsOfDatabase,
  contentsOfFolder,
  livedInFolder,
} from "../testing/moved-place.ts";
import { spawnMove } from "../testing/moves.ts";
import { runParley, startParley } from "../testing/parley-process.ts";
import { tcpPassage } from "../testing/tcp-passage.ts";
import { createTestDatabase } from "../testing/test-postgres.ts";
import { usageOf } from "./usage.ts";

// The real command in a process of its own, as an operator meets it.

setDefaultTimeout(30_000);

const source = await livedInFolder(3_000);
afterAll(source.clear);
const { folder } = source;

const move = (url: string, data = folder) =>
  runParley({ words: ["migrate-to", url, "--data", data] });

/** One sentence on standard error, nothing on standard output, exit code 1. */
function expectRefused(
  { code, output, errors }: Awaited<ReturnType<typeof runParley>>,
  sentence: RegExp,
): void {
  expect(errors).toMatch(sentence);
  expect(errors).toMatch(/^parley: [^\n]+\n$/);
  expect(output).toBe("");
  expect(code).toBe(1);
}

/** The address with a part of it changed. */
function changed(url: string, parts: Partial<URL>): string {
  return Object.assign(new URL(url), parts).href;
}

test("[D-1] copies the folder, says what is where and what to do next, exit 0; once more compares only", async () => {
  const url = await createTestDatabase();
  const first = await move(url);
  expect(first).toMatchObject({ code: 0, errors: "" });
  expect(first.output).toMatch(/^Copying to postgres:\/\/\w+@127.+\n/);
  expect(first.output).toMatch(
    / {2}messages +3,012 rows {2}sha256 [\da-f]{16}/,
  );
  expect(first.output).toMatch(/all 6,\d{3} are the same on both sides\./);
  expect(first.output).toMatch(
    /PARLEY_DATABASE_URL=postgres:\/\/\w+:PASSWORD@127[^\n]+\n\nand keep the data folder as a backup\./,
  );
  expect(await contentsOfDatabase(url)).toEqual(contentsOfFolder(folder));

  const again = await move(url);
  expect(again).toMatchObject({ code: 0, errors: "" });
  expect(again.output).toMatch(/^This Parley is already there/);
  expect(again.output).toMatch(/Nothing had to be copied: all 6,\d{3} rows/);

  // [L-5] The password is nowhere on the screen.
  const { password } = new URL(url);
  expect(first.output + again.output).not.toContain(`:${password}@`);
});

describe("a signal", () => {
  for (const [signal, code] of [
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const) {
    test(`${signal} stops it behind the page, says how to go on, exit ${code}`, async () => {
      const url = await createTestDatabase();
      const running: ReturnType<typeof spawnMove>[] = [];
      await using passage = await tcpPassage(url, (sent) => {
        if (sent === 40) for (const child of running) child.kill(signal);
      });
      const child = spawnMove(folder, passage.url);
      running.push(child);
      const errors = await new Response(child.stderr).text();
      expect(await child.exited).toBe(code);
      expect(errors).toMatch(
        /^parley: Stopped\. .*run the same command again to go on from there\.\n$/,
      );
      const keys = await ask(url, "select key from meta");
      expect(keys).toContainEqual({ key: "copying" });

      expect((await move(url)).output).toContain(
        "from where the last copy was stopped",
      );
      expect(await contentsOfDatabase(url)).toEqual(contentsOfFolder(folder));
    });
  }
});

describe("[L-5] what cannot be is one sentence without the password, exit 1:", () => {
  const password = "very-secret-word";

  test("nobody listens there", async () => {
    const address = await createTestDatabase();
    const url = changed(address, { port: `${await freePort()}`, password });
    const run = await move(url);
    expectRefused(run, /cannot be reached\. Is it running/);
    expect(run.errors).not.toContain(password);
  });

  test("there is no such host", async () => {
    const url = `postgres://ann:${password}@nowhere.invalid/parley`;
    const run = await move(url);
    expectRefused(run, /no host "nowhere\.invalid"|cannot be looked up/);
    expect(run.errors).not.toContain(password);
  });

  test("a wrong password", async () => {
    const run = await move(changed(await createTestDatabase(), { password }));
    expectRefused(run, /does not accept the user "\w+" with this password/);
    expect(run.errors).not.toContain(password);
  });

  test("no such database", async () => {
    const address = await createTestDatabase();
    const run = await move(changed(address, { pathname: "/nothing_here" }));
    expectRefused(run, /has no database "nothing_here"\. Make it with/);
  });

  test("a database that is not UTF8", async () => {
    const address = await createTestDatabase();
    const name = `latin_${crypto.randomUUID().replaceAll("-", "")}`;
    await ask(
      address,
      `create database ${name} encoding 'LATIN1' locale 'C' template template0`,
    );
    const run = await move(changed(address, { pathname: `/${name}` }));
    expectRefused(run, /encoding is LATIN1, and Parley needs UTF8/);
  });

  test("a user who may not make tables", async () => {
    const address = await createTestDatabase();
    const username = `guest_${crypto.randomUUID().replaceAll("-", "")}`;
    await ask(address, `create role ${username} login password '${password}'`);
    await ask(address, "revoke create on schema public from public");
    const run = await move(changed(address, { username, password }));
    expectRefused(run, /may not make tables.*grant create on schema public/);
    expect(run.errors).not.toContain(password);
  });

  test("a folder that a server has, which goes on undisturbed", async () => {
    const here = await livedInFolder(1);
    await using server = await startParley({
      environment: { PARLEY_DATA: here.folder },
    });
    const url = await createTestDatabase();
    expectRefused(await move(url, here.folder), /Another Parley is running/);
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
    await here.clear();
  });

  test("a folder without a database, in which nothing is made", async () => {
    const empty = path.join(folder, "empty");
    mkdirSync(empty);
    const run = await move(await createTestDatabase(), empty);
    expectRefused(run, /There is no database in ".*empty".*--data/);
    expect(readdirSync(empty)).toEqual([]);
  });

  test("another copy into the same database at the same time", async () => {
    const url = await createTestDatabase();
    const other = new Client(url);
    await other.connect();
    await other.query("select pg_advisory_lock($1)", [copyLock]);
    expectRefused(await move(url), /Another `parley migrate-to` is copying/);
    await other.end();
    expect(await move(url)).toMatchObject({ code: 0 });
  });
});

describe("words that make no sense are refused with a sentence and how it is called, exit 2:", () => {
  const wrong: [string[], RegExp][] = [
    [["migrate-to"], /^parley: migrate-to needs the address of a database/],
    [
      ["migrate-to", "mysql://ann:hidden@host/parley"],
      /^parley: The word after migrate-to must be an address like postgres:/,
    ],
  ];
  for (const [words, sentence] of wrong) {
    test(words.join(" "), async () => {
      const { code, output, errors } = await runParley({ words });
      expect(errors).toMatch(sentence);
      expect(errors).toEndWith(usageOf(words));
      expect(errors).not.toContain("hidden");
      expect({ code, output }).toEqual({ code: 2, output: "" });
    });
  }
});
