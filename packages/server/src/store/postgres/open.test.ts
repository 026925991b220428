import {
  afterAll,
  beforeAll,
  describe,
  expect,
  setDefaultTimeout,
  test,
} from "bun:test";
import { rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { Client } from "pg";
import { freePort } from "../../testing/free-port.ts";
import { startTcpProxy } from "../../testing/tcp-proxy.ts";
import {
  createDatabaseIn,
  startTestPostgres,
  type TestPostgres,
} from "../../testing/test-postgres.ts";
import { watchStore } from "../../testing/watched-store.ts";
import { openDatabase } from "./open.ts";

setDefaultTimeout(30_000);

let postgres: TestPostgres;
beforeAll(async () => {
  postgres = await startTestPostgres();
});
afterAll(async () => {
  await postgres.stop();
});

/** The sentence with which this database is refused. */
async function objectionTo(url: string): Promise<string> {
  try {
    await openDatabase(url, { lobbyName: "Lobby" });
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return "none";
}

async function ask(url: string, ...statements: string[]): Promise<unknown[]> {
  const client = new Client(url);
  await client.connect();
  let rows: unknown[] = [];
  for (const statement of statements)
    ({ rows } = await client.query(statement));
  await client.end();
  return rows;
}

function changed(change: (url: URL) => void): string {
  const url = new URL(postgres.url);
  change(url);
  return url.href;
}

describe("a database that cannot be used is refused with one sentence that names the setting and no password:", () => {
  test("nothing listens there", async () => {
    const port = await freePort();
    const sentence = await objectionTo(
      `postgres://ann:hunter2@127.0.0.1:${port}/chat`,
    );
    expect(sentence).toBe(
      `PostgreSQL at 127.0.0.1:${port} cannot be reached. Is it running, and is PARLEY_DATABASE_URL right?`,
    );
  });

  test("somebody listens who is not PostgreSQL", async () => {
    const server = Bun.serve({ port: 0, fetch: () => new Response("hello") });
    const sentence = await objectionTo(
      `postgres://ann:hunter2@127.0.0.1:${server.port}/chat`,
    );
    expect(sentence).toMatch(
      /cannot be used \(.+\)\. Check PARLEY_DATABASE_URL/,
    );
    expect(sentence).not.toContain("hunter2");
    await server.stop(true);
  });

  test("[L-5] the wrong password", async () => {
    const url = changed((one) => (one.password = "hunter2"));
    const sentence = await objectionTo(url);
    expect(sentence).toMatch(
      /does not accept the user "test" with this password\. Check PARLEY_DATABASE_URL\./,
    );
    expect(sentence).not.toContain("hunter2");
  });

  test("no such database", async () => {
    const url = changed((one) => (one.pathname = "/nowhere"));
    expect(await objectionTo(url)).toMatch(
      /has no database "nowhere"\. Make it with: create database nowhere/,
    );
  });

  test("a user who may not make tables", async () => {
    const url = await createDatabaseIn(postgres.url);
    await ask(url, "create role reader login password 'reader'");
    const reader = new URL(url);
    reader.username = reader.password = "reader";
    expect(await objectionTo(reader.href)).toMatch(
      /The user "reader" may not make tables.*grant create on schema public to reader/,
    );
  });

  test("an encoding that would lose texts", async () => {
    const name = "latin";
    await ask(
      postgres.url,
      `create database ${name} encoding 'LATIN1' locale 'C' template template0`,
    );
    const url = changed((one) => (one.pathname = `/${name}`));
    expect(await objectionTo(url)).toMatch(
      /The database's encoding is LATIN1, and Parley needs UTF8/,
    );
  });

  test("PostgreSQL 13", async () => {
    const url = await createDatabaseIn(postgres.url);
    const [row] = await ask(url, "show server_version_num");
    const { server_version_num: version } = row as Record<string, string>;
    // The real server, which says of itself that it is older.
    const proxy = await startTcpProxy(postgres.port, {
      toClient: (data) => replaced(data, version ?? "", "130022"),
    });
    expect(await objectionTo(proxy.through(url))).toMatch(
      /is too old: Parley needs version 14 or newer/,
    );
    await proxy[Symbol.asyncDispose]();
    expect(
      await ask(url, "select from pg_tables where tablename = 'meta'"),
    ).toEqual([]);
  });

  test("a standby", async () => {
    const own = await startTestPostgres();
    await own.end("fast");
    const signal = path.join(own.dataFolder, "standby.signal");
    writeFileSync(signal, "");
    await own.startAgain();
    expect(await objectionTo(own.url)).toBe(
      "This PostgreSQL is a standby, which cannot store anything. Check PARLEY_DATABASE_URL: it has to be the primary's.",
    );
    rmSync(signal);
    await own.stop();
  });

  test("[P22] one that a newer Parley has written", async () => {
    const url = await createDatabaseIn(postgres.url);
    await openDatabase(url, { lobbyName: "Lobby" });
    await ask(url, "update meta set value = '99' where key = 'version'");
    expect(await objectionTo(url)).toMatch(
      /The data was written by a newer Parley \(its version is 99, .*PARLEY_DATABASE_URL/,
    );
  });
});

function replaced(data: Buffer, from: string, to: string): Buffer {
  const at = data.indexOf(from);
  if (from === "" || at < 0) return data;
  const copy = Buffer.from(data);
  copy.write(to, at);
  return copy;
}

test("[P2] every connection acknowledges only what is on disk, whatever the database is set to", async () => {
  const url = await createDatabaseIn(postgres.url);
  const name = new URL(url).pathname.slice(1);
  await ask(url, `alter database ${name} set synchronous_commit = off`);
  await using watched = await watchStore(url);
  await ask(
    url,
    "create table seen (value text)",
    `create function note() returns trigger language plpgsql as
    $$ begin insert into seen values (current_setting('synchronous_commit')); return new; end $$`,
    "create trigger note before insert on messages for each row execute function note()",
  );
  await watched.post("one");
  expect(await ask(url, "select distinct value from seen")).toEqual([
    { value: "on" },
  ]);
});

test("[P2] fsync=off is warned of, because nothing else can make up for it", async () => {
  const url = await createDatabaseIn(postgres.url);
  await using watched = await watchStore(url);
  expect(watched.warnings.join()).toMatch(/fsync=off/);
});

test("[I2] [P22] nodes that start at the same moment find one place: one epoch, one lobby", async () => {
  const url = await createDatabaseIn(postgres.url);
  const opened = await Promise.all(
    Array.from({ length: 6 }, () => openDatabase(url, { lobbyName: "Lobby" })),
  );
  expect(new Set(opened.map(({ epoch }) => epoch)).size).toBe(1);
  expect(new Set(opened.map(({ lobby }) => lobby)).size).toBe(1);
  expect(new Set(opened.map(({ secret }) => secret)).size).toBe(1);
  expect(await ask(url, "select count(*)::int as rooms from rooms")).toEqual([
    { rooms: 1 },
  ]);
});

test("[P18] a node's own clock, wrong by hours, is not the one that is used", async () => {
  const url = await createDatabaseIn(postgres.url);
  await using watched = await watchStore(url);
  const real = Date.now;
  try {
    Date.now = () => real() + 3_600_000;
    const before = await watched.post("one");
    const [event] = await watched.store.reads.eventsAfter(watched.store.lobby, {
      ...{ after: before.seq - 1, upTo: before.seq, max: 1 },
    });
    expect(Math.abs((event?.event.at ?? 0) - real())).toBeLessThan(5_000);
    expect(Math.abs(watched.store.now() - real())).toBeLessThan(5_000);
  } finally {
    Date.now = real;
  }
});
