import { Database } from "bun:sqlite";
import { afterAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { copyFileSync } from "node:fs";
import path from "node:path";
import { Kysely, PostgresDialect } from "kysely";
import { Pool } from "pg";
import { ask, nodeOn } from "../../testing/moved-place.ts";
import { sqlitePlace } from "../../testing/sqlite-place.ts";
import { createTestDatabase } from "../../testing/test-postgres.ts";
import { StoreUnderTest } from "../contract/store-under-test.ts";
import { migrate } from "../migrate.ts";
import { clientConfig } from "../postgres/session.ts";
import type { Schema } from "../schema.ts";
import { databaseFile } from "../sqlite/open.ts";
import { inboxOf } from "../stream-keys.ts";
import { postgresWords } from "./dialect-words.ts";
import { migrationsFor } from "./migrations.ts";

// testing/version-1.db was written by the first version's own server code: four
// rooms, four guests and one of the simple wire, one who signed out, odd texts,
// read marks, sessions and a lease.

setDefaultTimeout(60_000);

type Row = Record<string, string | number | null>;
type Rows = Record<string, Row[]>;

const original = path.join(import.meta.dir, "testing/version-1.db");

const keys = {
  ...{ people: "id", sessions: "token_hash", streams: "id", rooms: "stream" },
  ...{ members: "stream, person", events: "stream, seq" },
  messages: "stream, seq",
};

/** Everything in it, as the first version had it. */
const before: Rows = (() => {
  using database = new Database(original, { readonly: true });
  const tables = Object.entries(keys).map(([table, key]) => [
    table,
    database.query(`select * from ${table} order by ${key}`).all(),
  ]);
  return Object.fromEntries(tables) as Rows;
})();

/** What the first version called otherwise. */
const renamed: Record<string, string> = { "people.kind": "role" };

/** The columns that the first version had, from what this one has. */
function asBefore(table: string, rows: readonly Row[]): Row[] {
  const columns = Object.keys(before[table]?.[0] ?? {});
  return rows.map((row) =>
    Object.fromEntries(
      columns.map((name) => [
        name,
        row[renamed[`${table}.${name}`] ?? name] ?? null,
      ]),
    ),
  );
}

/** He was signed in when the file was left. */
function sessionOfBob(): Row | undefined {
  return (before["sessions"] ?? []).find(({ token_hash: hash }) =>
    String(hash).startsWith("b"),
  );
}

const isNew = (row: Row): boolean => row["id"] === "place";

/** What holds of it on either database once this version has opened it. */
function promises(
  name: string,
  open: () => Promise<{
    under: StoreUnderTest;
    readAll: (text: string) => Promise<Row[]>;
  }>,
): void {
  describe(`[P22] a database of the first version, opened on ${name}`, () => {
    const opened = open();
    afterAll(async () => {
      await (await opened).under.clear();
    });

    test("has every row that it had, with the same values", async () => {
      const { readAll } = await opened;
      for (const [table, key] of Object.entries(keys)) {
        const rows = await readAll(`select * from ${table} order by ${key}`);
        const old = rows.filter((row) => !isNew(row));
        expect(old.length).toBeGreaterThan(0);
        expect(asBefore(table, old)).toEqual(before[table] ?? []);
      }
    });

    test("gives what is new its usual value: nobody has a rank, who made a room moderates it", async () => {
      const { readAll } = await opened;
      const people = await readAll("select * from people order by id");
      for (const row of people) {
        expect(row).toMatchObject({
          ...{ username: null, email_key: null, bound: 0 },
          ...{ suspended_at: null, preferences: "{}" },
        });
        expect(["guest", "bot"]).toContain(row["role"] as string);
      }
      const rooms = await readAll("select * from rooms");
      for (const row of rooms) {
        expect(row["name_key"]).toBe(row["unique_name"] as string);
        expect(row).toMatchObject({ read_only: 0, archived_at: null });
      }
      const makers = new Map(
        rooms.map((row) => [row["stream"], row["created_by"]]),
      );
      const members = await readAll("select * from members");
      for (const row of members) {
        const isMaker = makers.get(row["stream"]) === row["person"];
        expect(row["moderator"]).toBe(isMaker ? 1 : 0);
        expect(row).toMatchObject({ favourite: 0, muted: 0, hidden: 0 });
      }
      expect(members.some((row) => row["moderator"] === 1)).toBe(true);
    });

    test("[D-1] [D-5] [D-7] tells the same log, under the same epoch", async () => {
      const { under } = await opened;
      using database = new Database(original, { readonly: true });
      const meta = database
        .query<{ key: string; value: string }, []>("select * from meta")
        .all();
      const known = new Map(meta.map(({ key, value }) => [key, value]));
      expect(under.store.epoch).toBe(known.get("epoch") ?? "");
      expect(under.store.lobby).toBe(known.get("lobby") ?? "");
      for (const { id, head } of before["streams"] ?? []) {
        const log = await under.log(String(id));
        expect(log).toHaveLength(Number(head));
        const texts = log.flatMap(({ event }) =>
          event.type === "message.posted" ? [event.text] : [],
        );
        const said = (before["messages"] ?? []).filter(
          ({ stream }) => stream === id,
        );
        expect(texts).toEqual(said.map(({ text }) => String(text)));
      }
    });

    test("signs nobody out, and counts as before", async () => {
      const { under } = await opened;
      const session = sessionOfBob();
      const hash = String(session?.["token_hash"]);
      const found = await under.store.reads.sessions([hash]);
      const bob = found.get(hash)?.me;
      expect(bob).toEqual({
        ...{ id: String(session?.["person"]), name: "鲍勃 🙂" },
        ...{ kind: "guest", email: "Bob@Example.org" },
      });
      const rooms = await under.store.reads.rooms(bob?.id ?? "");
      expect(
        rooms.map(({ name, read, unread, moderator }) => ({
          ...{ name, read, unread, moderator },
        })),
      ).toEqual([
        { name: "Lobby", read: 3, unread: 7, moderator: undefined },
        { name: "Straße", read: 2, unread: 1, moderator: true },
        { name: "设计 Design", read: 8, unread: 1, moderator: undefined },
      ]);
    });

    test("[D-3] goes on: a cid of then is known, and the next numbers follow", async () => {
      const { under } = await opened;
      const bob = sessionOfBob()?.["person"];
      const posted = (before["events"] ?? []).find(
        (row) => row["type"] === "message.posted" && row["by"] === bob,
      );
      const stream = String(posted?.["stream"]);
      const by = { id: String(posted?.["by"]) };
      const said = (before["messages"] ?? []).find(
        (row) => row["stream"] === stream && row["seq"] === posted?.["seq"],
      );
      const again = await under.post(by, String(said?.["text"]), {
        ...{ stream, cid: String(posted?.["cid"]) },
      });
      expect(again).toMatchObject({ seq: posted?.["seq"], repeated: true });
      const head = await under.head(stream);
      const next = await under.post(by, "of this version", { stream });
      expect(next.seq).toBe(head + 1);
      const inbox = await under.head(inboxOf(by.id));
      await under.mark(by, stream, next.seq);
      expect(await under.head(inboxOf(by.id))).toBe(inbox + 1);
    });
  });
}

promises("SQLite", async () => {
  const place = sqlitePlace();
  const file = path.join(place.folder, databaseFile);
  copyFileSync(original, file);
  const under = new StoreUnderTest(place);
  await under.open();
  const readAll = (text: string): Promise<Row[]> => {
    using database = new Database(file, { readonly: true });
    return Promise.resolve(database.query<Row, []>(text).all());
  };
  return { under, readAll };
});

promises("PostgreSQL", async () => {
  const url = await createTestDatabase();
  await firstVersionOn(url);
  const under = nodeOn(url);
  await under.open();
  const clear = async (): Promise<void> => {
    await under.store[Symbol.asyncDispose]();
  };
  const readAll = async (text: string): Promise<Row[]> =>
    (await ask(url, text)) as Row[];
  return { under: Object.assign(under, { clear }), readAll };
});

/** The first version's tables on PostgreSQL, with the file's rows in them. */
async function firstVersionOn(url: string): Promise<void> {
  const pool = new Pool({ ...clientConfig(url), max: 1 });
  const db = new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) });
  try {
    await migrate(db, migrationsFor(postgresWords).slice(0, 1));
    using database = new Database(original, { readonly: true });
    const meta = database.query<Row, []>("select * from meta").all();
    for (const row of meta.filter(({ key }) => key !== "version")) {
      await insert(pool, "meta", row);
    }
    for (const table of Object.keys(keys)) {
      for (const row of before[table] ?? []) await insert(pool, table, row);
    }
  } finally {
    await db.destroy();
  }
}

async function insert(pool: Pool, table: string, row: Row): Promise<void> {
  const columns = Object.keys(row).map((name) => `"${name}"`);
  const values = columns.map((_, index) => `$${index + 1}`);
  await pool.query(
    `insert into ${table} (${columns.join(", ")}) values (${values.join(", ")})`,
    Object.values(row),
  );
}
