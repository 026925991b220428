import { sql, type Kysely } from "kysely";
import { newToken } from "../../identifiers.ts";
import { setMeta } from "../migrate.ts";
import { postgresWords } from "../migrations/dialect-words.ts";
import { migrationsFor } from "../migrations/migrations.ts";
import { refuseUnfinishedCopy } from "../moving/unfinished-copy.ts";
import { closeClient } from "../postgres/client-socket.ts";
import { writingConnection } from "../postgres/connection.ts";
import { demandFitness, readFacts } from "../postgres/fitness.ts";
import { oneNodeAtATime } from "../postgres/open.ts";
import { clientConfig, connectClient } from "../postgres/session.ts";
import { troubleSentence } from "../postgres/trouble.ts";
import type { Schema } from "../schema.ts";
import { BackupError } from "./backup-error.ts";

/** What an operator knows the database's address as. */
const setting = "PARLEY_DATABASE_URL";

/**
 * Another name for the log of a PostgreSQL that was restored by its own means.
 * Nodes read it when they start, so none may run. Rejects with a sentence for
 * the operator; never with the password.
 */
export async function newEpochInDatabase(url: string): Promise<string> {
  const config = clientConfig(url);
  // Not the name of the nodes: this connection is none of them.
  config.application_name = "parley new-epoch";
  try {
    const client = await connectClient(config);
    try {
      const { db } = writingConnection(client);
      demandFitness(await readFacts(db), setting);
      return await renameLog(db);
    } finally {
      closeClient(client);
    }
  } catch (error) {
    const sentence = troubleSentence(error, url, setting);
    throw sentence === undefined
      ? error
      : new BackupError(sentence, { cause: error });
  }
}

function renameLog(db: Kysely<Schema>): Promise<string> {
  return db.transaction().execute(async (tx) => {
    // A node that starts at this moment waits here, and then reads the new
    // epoch; one that was earlier is seen by its connections.
    await oneNodeAtATime(tx);
    await demandParley(tx);
    await refuseUnfinishedCopy(tx);
    await refuseWhileNodesRun(tx);
    const epoch = newToken(8);
    await setMeta(tx, "epoch", epoch);
    return epoch;
  });
}

async function demandParley(db: Kysely<Schema>): Promise<void> {
  const { rows } = await sql<{ isThere: boolean }>`
    select to_regclass('meta') is not null as "isThere"`.execute(db);
  const found = rows[0]?.isThere
    ? await db
        .selectFrom("meta")
        .selectAll()
        .where("key", "in", ["epoch", "version"])
        .execute()
    : [];
  const meta = new Map(found.map(({ key, value }) => [key, value]));
  if (!meta.has("epoch")) {
    throw new BackupError(
      "There is no Parley in the database of PARLEY_DATABASE_URL. Restore it first, with PostgreSQL's own means.",
    );
  }
  const known = migrationsFor(postgresWords).length;
  const version = Number(meta.get("version"));
  if (version <= known) return;
  throw new BackupError(
    `The database was written by a newer Parley (its version is ${version}, this program knows ${known}). Use the newer program.`,
  );
}

/** Each node has its connections, which bear the program's name. */
async function refuseWhileNodesRun(db: Kysely<Schema>): Promise<void> {
  const { rows } = await sql<{ count: number; hosts: string | null }>`
    select count(*)::int as count,
      string_agg(distinct host(client_addr), ', ') as hosts
    from pg_stat_activity
    where datname = current_database() and application_name = 'parley'`.execute(
    db,
  );
  const [found] = rows;
  if (found === undefined || found.count === 0) return;
  const from = found.hosts === null ? "" : ` from ${found.hosts}`;
  throw new BackupError(
    `Nodes of Parley are connected to this database (${found.count} connections${from}), and they would go on with the old epoch. Stop all of them, and run this command again.`,
  );
}
