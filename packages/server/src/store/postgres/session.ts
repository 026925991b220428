import { Client, types, type ClientBase, type ClientConfig } from "pg";
import { closeClient } from "./client-socket.ts";

/** A statement that takes longer than this is given up by the server … */
const statementMsMax = 3_000;

/** … as is one that waits so long for what others hold; it is then tried again. */
const lockMsMax = 2_000;

/**
 * A transaction whose node has fallen asleep in it is ended by the server after
 * this long: it holds streams that other nodes wait for (P15).
 */
const idleInTransactionMsMax = 4_000;

/** How long making a connection may take. */
const connectMsMax = 3_000;

/** What every connection of this node is made with. */
export function clientConfig(url: string): ClientConfig {
  return {
    connectionString: url,
    application_name: "parley",
    connectionTimeoutMillis: connectMsMax,
    keepAlive: true,
    types: { getTypeParser: parserOf },
  };
}

const parsers = types.getTypeParser as (
  oid: number,
) => (text: string) => unknown;

/** The number of PostgreSQL's type bigint. */
const int8 = 20;

/** Numbers stay below 2^53, so a bigint is a number here as on SQLite. */
function parserOf(oid: number): (text: string) => unknown {
  if (oid === int8) return Number;
  return parsers(oid);
}

/**
 * All that is asked often is asked by key. The server keeps a plan as long as
 * the connection lives, also one that it made while a table was all but empty:
 * reading the whole of it, which a hundred thousand messages later costs 15 ms
 * each time. So the other ways are only taken where there is none by key, and
 * no machine code is made for those.
 */
const byKey = ["enable_seqscan", "enable_hashjoin", "enable_mergejoin", "jit"];

/**
 * An acknowledgement rests on `synchronous_commit`: what the server, the
 * database or the role has it set to is not trusted. Stronger than `on` stays.
 */
const prepareSession = `
  select
    set_config('synchronous_commit', case current_setting('synchronous_commit')
      when 'remote_apply' then 'remote_apply' else 'on' end, false),
    ${byKey.map((name) => `set_config('${name}', 'off', false)`).join(", ")},
    set_config('default_transaction_isolation', 'read committed', false),
    set_config('statement_timeout', '${statementMsMax}', false),
    set_config('lock_timeout', '${lockMsMax}', false),
    set_config('idle_in_transaction_session_timeout',
      '${idleInTransactionMsMax}', false)`;

/**
 * Sets a new connection up. Throws when the server would acknowledge what a
 * power cut could take (P2).
 */
export async function setUpSession(
  client: Pick<ClientBase, "query">,
): Promise<void> {
  await client.query(prepareSession);
  const { rows } = await client.query<{ found: string }>(
    "select current_setting('synchronous_commit') as found",
  );
  const found = rows[0]?.found ?? "";
  if (found !== "on" && found !== "remote_apply") {
    throw new Error(
      `PostgreSQL's synchronous_commit is ${found} instead of on: messages would not survive a power cut, so Parley does not start.`,
    );
  }
}

/** The same, or the connection is ended: a pooler may greet for a server that is away. */
export async function setUpInTime(
  client: Pick<ClientBase, "query">,
  ms = connectMsMax,
): Promise<void> {
  const timer = setTimeout(() => {
    closeClient(client as Client);
  }, ms);
  try {
    await setUpSession(client);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * For the transactions that make and change tables, which may take their time.
 * They hold other nodes up, so a node that dies in one is noticed within 90
 * seconds, not with the system's two hours.
 */
export async function setUpForMigration(
  client: Pick<ClientBase, "query">,
): Promise<void> {
  await setUpInTime(client);
  await client.query(`
    select
      set_config('statement_timeout', '0', false),
      set_config('lock_timeout', '90s', false),
      set_config('idle_in_transaction_session_timeout', '60s', false),
      set_config('tcp_keepalives_idle', '60', false),
      set_config('tcp_keepalives_interval', '10', false),
      set_config('tcp_keepalives_count', '3', false)`);
}

/** A connection that is ready for use. */
export async function connectClient(config: ClientConfig): Promise<Client> {
  const client = new Client(config);
  // A connection that dies while nobody asks anything of it says so here;
  // without a listener that would end the process.
  client.on("error", () => undefined);
  try {
    await client.connect();
    await setUpInTime(client, config.connectionTimeoutMillis);
    return client;
  } catch (error) {
    closeClient(client);
    throw error;
  }
}
