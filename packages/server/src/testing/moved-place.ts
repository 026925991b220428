import { Database } from "bun:sqlite";
import { copyFileSync } from "node:fs";
import path from "node:path";
import { Client } from "pg";
import { StoreUnderTest } from "../store/contract/store-under-test.ts";
import { tables } from "../store/moving/tables.ts";
import { clientConfig } from "../store/postgres/session.ts";
import { databaseFile } from "../store/sqlite/open.ts";
import { openPostgresStore } from "../store/postgres/postgres-store.ts";
import { sqlitePlace } from "./sqlite-place.ts";

type Contents = Record<string, string[]>;

const names = ["meta", ...tables.map(({ name }) => name)];

const sorted = (rows: unknown[]): string[] =>
  rows.map((row) => JSON.stringify(row)).sort();

/** Every row of every table in a data folder. */
export function contentsOfFolder(folder: string): Contents {
  const database = new Database(path.join(folder, databaseFile), {
    readonly: true,
  });
  const found = names.map((name) => [
    name,
    sorted(database.query(`select * from ${name}`).all()),
  ]);
  database.close();
  return Object.fromEntries(found) as Contents;
}

/** Every row of every table in a database. */
export async function contentsOfDatabase(url: string): Promise<Contents> {
  const contents: Contents = {};
  for (const name of names) {
    contents[name] = sorted(await ask(url, `select * from ${name}`));
  }
  return contents;
}

/** One question to PostgreSQL on a connection of its own. */
export async function ask(
  url: string,
  text: string,
  values: unknown[] = [],
): Promise<Record<string, unknown>[]> {
  const client = new Client(clientConfig(url));
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text, values)).rows;
  } finally {
    await client.end();
  }
}

export const oddTexts = [
  "👩‍👩‍👧‍👦 and 🏳️‍🌈, e\u0301 and é, 日本語, עברית",
  String.raw`'; drop table people; -- "{NULL,\"a\"}" \x41 \\ $1 %s`,
  "NULL",
  "null",
  "{}",
  "tab\tand\nline\n\n",
  " spaces around ",
  "\u007f\u0085\u2028\u202e\ufeff\ufffe\uffff\ufffd",
  "x".repeat(40_000),
  "漢".repeat(13_333),
  "🙂".repeat(10_000),
];

/** Rows of the tables that no talk fills; with nulls and with odd texts. */
const decided = [
  "insert into settings select 'name', '\"设计 🙂\"' where $id <> ''",
  "insert into credentials values ('k_1', $id, 'password', $id, '$argon2id$\\x', '{}', 1, 2)",
  "insert into links values ('h1', 'setup', null, 1, 2), ('h2', 'reset', $id, 3, 4)",
  "insert into invitations values ('i_1', 'h3', $id, 'guest', 1, '[\"r_x\"]', 'note', null, 3, 1, null, null), ('i_2', 'h4', $id, 'member', 0, '[]', '', 2, 0, 1, 2, 3)",
  "insert into claimed_names values ('аnn', $id, 'name')",
];

/** A data folder in which people lived. */
export interface LivedInFolder {
  folder: string;
  /** The store in it; closed. */
  store: StoreUnderTest;
  /** A room with a log worth reading, and the first message in it. */
  stream: string;
  seq: number;
  cid: string;
  author: { id: string };
  clear: () => void | Promise<void>;
}

/** Makes one with the real store. */
export async function livedInFolder(messages = 300): Promise<LivedInFolder> {
  const place = sqlitePlace();
  const store = new StoreUnderTest(place);
  await store.open();
  const ann = await store.guest("Ann Önder");
  const bob = await store.guest("鲍勃 🙂");
  const stream = await store.room(ann, "Odd texts", "what's \\up\\?");
  const cid = store.cid();
  const { seq } = await store.post(ann, "the first", { stream, cid });
  await store.join(bob, stream);
  await Promise.all(oddTexts.map((text) => store.post(bob, text, { stream })));
  const many = Array.from({ length: messages }, (_, index) =>
    store.post(index % 2 ? ann : bob, `message ${index}`),
  );
  await Promise.all(many);
  await store.mark(bob, stream, 3);
  await store.store.write("blockPerson", {
    ...{ by: ann.id, person: bob.id, blocked: true },
  });
  await store.leave(bob, stream);
  await store.store.write("endSession", { tokenHash: bob.hash });
  await store.store[Symbol.asyncDispose]();
  const left = leftBehind(place.folder, ann);
  await place.clear();
  const moved = new StoreUnderTest(left);
  return { ...left, store: moved, stream, seq, cid, author: ann };
}

/**
 * The folder as the process that had it leaves it: one whole file. This process
 * goes on, and keeps the file open until its memory is tidied up.
 */
function leftBehind(
  folder: string,
  { id }: { id: string },
): ReturnType<typeof sqlitePlace> {
  const file = path.join(folder, databaseFile);
  const database = new Database(file);
  for (const row of decided) database.query(row).run({ id });
  database.run("PRAGMA wal_checkpoint(TRUNCATE)");
  database.close();
  const place = sqlitePlace();
  copyFileSync(file, path.join(place.folder, databaseFile));
  return place;
}

/** The store of a node that starts on this database; closed. */
export function nodeOn(url: string): StoreUnderTest {
  return new StoreUnderTest({
    open: (onCommit) =>
      openPostgresStore({
        url,
        connections: 3,
        lobbyName: "Lobby",
        onCommit,
        onMoved: () => undefined,
        onDeliveryFailed: (error: unknown) => {
          throw error;
        },
        onWarning: () => undefined,
        onConnection: () => undefined,
      }),
    clear: () => undefined,
  });
}
