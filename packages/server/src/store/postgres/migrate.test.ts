import { expect, setDefaultTimeout, test } from "bun:test";
import { Kysely, PostgresDialect } from "kysely";
import { Client, Pool } from "pg";
import { createTestDatabase } from "../../testing/test-postgres.ts";
import { migrate } from "../migrate.ts";
import { postgresWords } from "../migrations/dialect-words.ts";
import { migrationsFor } from "../migrations/migrations.ts";
import type { Schema } from "../schema.ts";
import { oneNodeAtATime, openDatabase } from "./open.ts";

setDefaultTimeout(60_000);

/** Migrates and calls `after` behind each statement, the first being the begin. */
async function migrateWatched(
  url: string,
  after: (statement: number, pool: Pool) => void,
): Promise<number> {
  let statement = 0;
  const pool = new Pool({ connectionString: url, max: 1 });
  pool.on("error", () => undefined);
  pool.on("connect", (client) => client.on("error", () => undefined));
  const db = new Kysely<Schema>({
    dialect: new PostgresDialect({ pool }),
    log: () => {
      statement += 1;
      after(statement, pool);
    },
  });
  try {
    await migrate(db, migrationsFor(postgresWords), oneNodeAtATime);
  } finally {
    await db.destroy().catch(() => undefined);
  }
  return statement;
}

async function tablesOf(url: string): Promise<number> {
  const client = new Client(url);
  await client.connect();
  const { rows } = await client.query<{ count: number }>(
    "select count(*)::int as count from pg_tables where schemaname = 'public'",
  );
  await client.end();
  return rows[0]?.count ?? 0;
}

/** Ends all of this database's connections at the server, as a killed node's end. */
async function endConnections(url: string): Promise<void> {
  const admin = new URL(url);
  const name = admin.pathname.slice(1);
  admin.pathname = "/postgres";
  const client = new Client(admin.href);
  await client.connect();
  await client.query(
    "select pg_terminate_backend(pid) from pg_stat_activity where datname = $1",
    [name],
  );
  await client.end();
}

test("[P22] a migration that dies behind any statement leaves nothing, and the next start makes everything", async () => {
  const whole = await createTestDatabase();
  const statements = await migrateWatched(whole, () => undefined);
  const tables = await tablesOf(whole);
  expect(statements).toBeGreaterThan(10);
  for (let last = 1; last < statements; last += 1) {
    const url = await createTestDatabase();
    let ending: Promise<void> | undefined;
    const dying = migrateWatched(url, (statement) => {
      if (statement === last) ending = endConnections(url);
    }).catch((error: unknown) => error);
    const outcome = await dying;
    await ending;
    // The end may reach the server a moment after the commit: then all is there.
    const left = await tablesOf(url);
    if (outcome instanceof Error) expect(left).toBe(0);
    else expect(left).toBe(tables);
    const { lobby } = await openDatabase(url, { lobbyName: "Lobby" });
    expect(lobby).toStartWith("r_");
    expect(await tablesOf(url)).toBe(tables);
  }
});
