import { sql, type Kysely, type RawBuilder } from "kysely";
import type { Client } from "pg";
import { writingConnection } from "../postgres/connection.ts";
import { demandFitness, readFacts } from "../postgres/fitness.ts";
import { clientConfig, connectClient } from "../postgres/session.ts";
import { closeClient } from "../postgres/client-socket.ts";
import type { Schema } from "../schema.ts";
import { MoveError } from "./move-error.ts";
import {
  keyColumns,
  keyOf,
  rowOf,
  type Column,
  type Key,
  type Row,
  type Table,
  type Value,
} from "./tables.ts";
import { targetSentence } from "./target-sentence.ts";

/** Over half the world and with TLS. */
const connectMsMax = 10_000;

/** The number under which two copies into one database exclude each other. */
export const copyLock = 7_275_397;

/**
 * The database that is moved to, over one connection: what one session holds
 * (the lock) and what it sends are never apart.
 */
export class Target implements AsyncDisposable {
  readonly db: Kysely<Schema>;
  readonly #client: Client;

  private constructor(client: Client) {
    this.#client = client;
    this.db = writingConnection(client).db;
  }

  /** Rejects with a MoveError when it is not a database to rely on, or busy. */
  static async connect(url: string): Promise<Target> {
    let target: Target | undefined;
    try {
      const config = clientConfig(url);
      config.connectionTimeoutMillis = connectMsMax;
      target = new Target(await connectClient(config));
      demandFitness(await readFacts(target.db), "the address");
      await takeTime(target.db);
      await excludeOtherCopies(target.db);
      return target;
    } catch (error) {
      await target?.[Symbol.asyncDispose]();
      throw targetSentence(error, url);
    }
  }

  /** The last key in order: everything before it is there as well. */
  async lastKey(table: Table): Promise<Key | undefined> {
    const order = keyColumns(table).map(
      ({ name }) => sql`${sql.ref(name)} desc`,
    );
    const [row] = await this.#rows(
      table,
      sql`order by ${sql.join(order)} limit 1`,
    );
    return row && keyOf(table, row);
  }

  /** Rows with after < key <= upTo in the order of the key, at most `max`. */
  rowsBetween(
    table: Table,
    { after, upTo, max }: { after?: Key; upTo?: Key; max: number },
  ): Promise<Row[]> {
    const columns = keyColumns(table).map(({ name }) => sql.ref(name));
    const key = sql`(${sql.join(columns)})`;
    const above = after && sql`${key} > (${sql.join(after)})`;
    const below = upTo && sql`${key} <= (${sql.join(upTo)})`;
    const wanted = [above, below].filter((part) => part !== undefined);
    const where =
      wanted.length === 0 ? sql`` : sql`where ${sql.join(wanted, sql` and `)}`;
    return this.#rows(
      table,
      sql`${where} order by ${sql.join(columns)} limit ${max}`,
    );
  }

  /** One page is one statement, and so one transaction. */
  async insert(table: Table, page: readonly Row[]): Promise<void> {
    const { name, columns } = table;
    const names = columns.map((column) => sql.ref(column.name));
    const arrays = columns.map((column, index) =>
      arrayOf(
        column,
        page.map((row) => row[index] ?? null),
      ),
    );
    await sql`
      insert into ${sql.table(name)} (${sql.join(names)})
      select * from unnest(${sql.join(arrays)})
      on conflict do nothing`.execute(this.db);
  }

  [Symbol.asyncDispose](): Promise<void> {
    closeClient(this.#client);
    return Promise.resolve();
  }

  async #rows(table: Table, rest: RawBuilder<unknown>): Promise<Row[]> {
    const columns = table.columns.map(({ name }) => sql.ref(name));
    const { rows } = await sql<Record<string, Value>>`
      select ${sql.join(columns)} from ${sql.table(table.name)} ${rest}
    `.execute(this.db);
    return rows.map((found) => rowOf(table, found));
  }
}

/** PostgreSQL takes whole columns: any number of rows is one short statement. */
function arrayOf({ type }: Column, values: Value[]): RawBuilder<unknown> {
  return type === "text" ? sql`${values}::text[]` : sql`${values}::bigint[]`;
}

/**
 * A server's node must not wait long for its database; copying and comparing
 * may. When this machine loses its power, the lock is free again within a
 * minute and a half instead of two hours.
 */
async function takeTime(db: Kysely<Schema>): Promise<void> {
  await sql`
    select
      set_config('statement_timeout', '0', false),
      set_config('idle_in_transaction_session_timeout', '0', false),
      set_config('tcp_keepalives_idle', '60', false),
      set_config('tcp_keepalives_interval', '10', false),
      set_config('tcp_keepalives_count', '3', false),
      set_config('lock_timeout', '5s', false)`.execute(db);
}

/** The session of a copy that was killed just now may still hold it: a few seconds are waited. */
async function excludeOtherCopies(db: Kysely<Schema>): Promise<void> {
  try {
    await sql`select pg_advisory_lock(${copyLock})`.execute(db);
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? cause.code : "";
    if (code !== "55P03") throw cause;
    throw new MoveError(
      "Another `parley migrate-to` is copying into this database. Wait until it has ended.",
      { cause },
    );
  }
}
