import { sql, type Kysely } from "kysely";
import { DatabaseError, Pool, type ClientConfig } from "pg";
import { setTimeout as wait } from "node:timers/promises";
import { found, type Founded } from "../found.ts";
import { migrate, type Exclude } from "../migrate.ts";
import { postgresWords } from "../migrations/dialect-words.ts";
import { migrationsFor } from "../migrations/migrations.ts";
import type { Schema } from "../schema.ts";
import { readingConnection, writingConnection } from "./connection.ts";
import { demandFitness, readFacts } from "./fitness.ts";
import { clientConfig, connectClient, setUpForMigration } from "./session.ts";
import { closeClient } from "./client-socket.ts";
import { troubleSentence } from "./trouble.ts";

/** What a start learns of the database. */
export interface OpenedDatabase extends Founded {
  /** Which server and which database in it: a copy elsewhere is another one. */
  place: string;
  /** Something that an operator should know. */
  warning: string | undefined;
}

/** What an operator knows the database's address as. */
const setting = "PARLEY_DATABASE_URL";

/** A database that is just starting is waited for. */
const startingMsMax = 10_000;

/** The number under which nodes that start at the same time wait for each other. */
const startLock = 7_275_396;

/** One node after the other, also over two transactions of different nodes. */
export const oneNodeAtATime: Exclude = (tx) =>
  sql`select pg_advisory_xact_lock(${startLock})`.execute(tx);

/**
 * Checks that the database is one to rely on, brings it to this version and
 * founds it. Rejects with a sentence for the operator; never with the password.
 */
export async function openDatabase(
  url: string,
  { lobbyName }: { lobbyName: string },
): Promise<OpenedDatabase> {
  const config = clientConfig(url);
  try {
    const facts = await untilStarted(config);
    // The pool does wait for it, whatever its types say.
    const alone = { ...config, max: 1, onConnect: setUpForMigration };
    const pool = new Pool(alone);
    pool.on("error", () => undefined);
    pool.on("connect", (client) => {
      client.on("error", () => undefined);
    });
    const { db } = readingConnection(pool);
    try {
      await migrate(db, migrationsFor(postgresWords), oneNodeAtATime);
      // Not this node's clock, which may be wrong: the lobby's times never go back.
      const now = await timeOf(db);
      const founded = await found(db, { lobbyName, now }, oneNodeAtATime);
      return { ...founded, ...facts };
    } finally {
      await db.destroy();
    }
  } catch (error) {
    const sentence = troubleSentence(error, url, setting);
    throw sentence === undefined
      ? error
      : new Error(sentence, { cause: error });
  }
}

async function untilStarted(
  config: ClientConfig,
): Promise<Pick<OpenedDatabase, "place" | "warning">> {
  const until = performance.now() + startingMsMax;
  for (;;) {
    try {
      return await inspect(config);
    } catch (error) {
      const isStarting =
        error instanceof DatabaseError && error.code === "57P03";
      if (!isStarting || performance.now() > until) throw error;
      await wait(200);
    }
  }
}

async function inspect(
  config: ClientConfig,
): Promise<Pick<OpenedDatabase, "place" | "warning">> {
  const client = await connectClient(config);
  try {
    const facts = await readFacts(writingConnection(client).db);
    demandFitness(facts, setting);
    return {
      place: `${facts.system}/${facts.database}`,
      warning:
        facts.fsync === "on"
          ? undefined
          : "PostgreSQL runs with fsync=off: an acknowledged message would not survive a power cut",
    };
  } finally {
    closeClient(client);
  }
}

async function timeOf(db: Kysely<Schema>): Promise<number> {
  const { rows } = await sql<{ now: number }>`
    select (extract(epoch from clock_timestamp()) * 1000)::bigint as now`.execute(
    db,
  );
  return rows[0]?.now ?? Date.now();
}
