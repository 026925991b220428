import { sql } from "kysely";
import { DatabaseError, Pool, type ClientConfig } from "pg";
import { setTimeout as wait } from "node:timers/promises";
import { found, type Founded } from "../found.ts";
import { migrate, type Exclude } from "../migrate.ts";
import { postgresWords } from "../migrations/dialect-words.ts";
import { migrationsFor } from "../migrations/migrations.ts";
import { readingConnection, writingConnection } from "./connection.ts";
import { demandFitness, readFacts } from "./fitness.ts";
import { clientConfig, connectClient } from "./session.ts";
import { closeClient } from "./wire.ts";
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
  // A migration may take its time; everything else has limits (session.ts).
  const config: ClientConfig = { ...clientConfig(url), max: 1 } as ClientConfig;
  try {
    const facts = await untilStarted(config);
    const pool = new Pool(config);
    pool.on("error", () => undefined);
    const { db } = readingConnection(pool);
    try {
      await migrate(db, migrationsFor(postgresWords), oneNodeAtATime);
      const now = Date.now();
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
