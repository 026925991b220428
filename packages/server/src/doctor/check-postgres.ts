import { sql, type Kysely } from "kysely";
import type { Config } from "../config.ts";
import { closeClient } from "../store/postgres/client-socket.ts";
import { writingConnection } from "../store/postgres/connection.ts";
import {
  demandFitness,
  readFacts,
  UnfitDatabaseError,
} from "../store/postgres/fitness.ts";
import { clientConfig, connectClient } from "../store/postgres/session.ts";
import { troubleSentence } from "../store/postgres/trouble.ts";
import type { Schema } from "../store/schema.ts";
import { fine, quoted, warning, wrong, type Finding } from "./finding.ts";

const about = "PostgreSQL";
const setting = "PARLEY_DATABASE_URL";

/** More than this shows in the order of what people remember, not in the log's. */
const clockMsMax = 5_000;

/** The database that nodes share. */
export async function checkPostgres({
  databaseUrl: url,
  databaseConnections,
}: Pick<Config, "databaseUrl" | "databaseConnections">): Promise<Finding[]> {
  const config = clientConfig(url);
  config.application_name = "parley doctor";
  config.connectionTimeoutMillis = 5_000;
  try {
    const client = await connectClient(config);
    try {
      const { db } = writingConnection(client);
      const facts = await readFacts(db);
      demandFitness(facts, setting);
      return [
        fine(
          about,
          `${facts.versionText} is reached, keeps texts as ${facts.encoding} and is the primary.`,
        ),
        judgeDurability(facts.fsync),
        await checkClock(db),
        await checkConnections(db, databaseConnections),
      ];
    } finally {
      closeClient(client);
    }
  } catch (error) {
    if (error instanceof UnfitDatabaseError) {
      return [wrong(about, error.message, `Correct ${setting}.`)];
    }
    const sentence =
      troubleSentence(error, url, setting) ??
      (error instanceof Error ? error.message : String(error));
    return [wrong(about, quoted(sentence), `Correct ${setting}.`)];
  }
}

/** The session refuses to be without synchronous_commit; fsync is the server's. */
function judgeDurability(fsync: string): Finding {
  return fsync === "on"
    ? fine(
        "durability",
        "fsync is on, and synchronous_commit for this session.",
      )
    : wrong(
        "durability",
        "fsync is off: an acknowledged message would not survive a power cut.",
        "In postgresql.conf: fsync = on (then: select pg_reload_conf())",
      );
}

async function checkClock(db: Kysely<Schema>): Promise<Finding> {
  const before = Date.now();
  const { rows } = await sql<{ now: number }>`
    select (extract(epoch from clock_timestamp()) * 1000)::bigint as now`.execute(
    db,
  );
  const aheadMs = (rows[0]?.now ?? 0) - (before + Date.now()) / 2;
  return Math.abs(aheadMs) <= clockMsMax
    ? fine("its clock", "PostgreSQL's clock and this machine's agree.")
    : warning(
        "its clock",
        `PostgreSQL's clock is ${Math.round(Math.abs(aheadMs) / 1_000)} s ${aheadMs > 0 ? "ahead of" : "behind"} this machine's. Parley goes by it.`,
        "Let both machines be set by NTP: timedatectl set-ntp true",
      );
}

/**
 * How many more nodes there is room for. Of others' sessions a role that is no
 * superuser sees neither kind nor state, but that they have a user and a
 * database, which no process of PostgreSQL's own has.
 */
async function checkConnections(
  db: Kysely<Schema>,
  perNode: number,
): Promise<Finding> {
  const { rows } = await sql<{ free: number; ours: number }>`
    select
      current_setting('max_connections')::int
        - current_setting('superuser_reserved_connections')::int
        - coalesce(current_setting('reserved_connections', true)::int, 0)
        - count(*)::int as free,
      (count(*) filter (where application_name = 'parley'
        and datname = current_database()))::int as ours
    from pg_stat_activity
    where usesysid is not null and datid is not null`.execute(db);
  const { free, ours } = rows[0] ?? { free: 0, ours: 0 };
  const found = `${free} connections are free, and nodes of Parley hold ${ours}; each node may hold ${perNode}.`;
  return free < perNode
    ? warning(
        "connections",
        found,
        "Another node would not get its own. In postgresql.conf raise max_connections, or lower PARLEY_DATABASE_CONNECTIONS.",
      )
    : fine("connections", found);
}
