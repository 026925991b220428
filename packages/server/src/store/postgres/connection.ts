import {
  Kysely,
  PostgresDialect,
  type CompiledQuery,
  type PostgresPool,
  type PostgresPoolClient,
} from "kysely";
import type { Client, Pool } from "pg";
import type { Connection, WritingConnection } from "../connection.ts";
import type { Schema } from "../schema.ts";
import { lockStreams } from "../writes/hold-streams.ts";
import { kindOfFailure } from "./failures.ts";
import { gatherSends } from "./client-socket.ts";

/**
 * The names under which the server keeps the statements of prepared.ts, so that
 * each is parsed and planned once per connection.
 */
const statementNames = new Map<string, string>();

function statementName(text: string): string {
  let name = statementNames.get(text);
  if (name === undefined) {
    name = `parley_${statementNames.size + 1}`;
    statementNames.set(text, name);
  }
  return name;
}

function runOn(client: Pick<Client | Pool, "query">) {
  return async <Row>({ sql: text, parameters }: CompiledQuery<Row>) => {
    const values = [...parameters];
    const { rows } = await client.query(
      // What has no values is a word to the transaction.
      values.length === 0 ? text : { name: statementName(text), text, values },
    );
    return rows as Row[];
  };
}

/** Reads, on whichever connection of the pool is free. */
export function readingConnection(pool: Pool): Connection {
  return {
    db: new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) }),
    run: runOn(pool),
    lists: "arrays",
  };
}

/**
 * One connection that writes. Statements are sent without waiting for the
 * answers to those before them where nothing depends on these (pipelining).
 */
export function writingConnection(client: Client): WritingConnection {
  const gather = gatherSends(client);
  const sendOne = runOn(client);
  const send = <Row>(query: CompiledQuery<Row>): Promise<Row[]> => {
    gather();
    return sendOne(query);
  };
  /** Why the transaction had no beginning. */
  let objection: Error | undefined;
  const run = async <Row>(query: CompiledQuery<Row>): Promise<Row[]> => {
    try {
      return await send(query);
    } catch (error) {
      // "The transaction is aborted" is what everything gets that was sent
      // behind the statement that failed; that one knows why.
      throw objection ?? error;
    }
  };
  const db = new Kysely<Schema>({
    dialect: new PostgresDialect({ pool: poolOf(client) }),
  });
  // Not async: its failure has to be known before that of what is sent behind it.
  const hold = (names: readonly string[]): Promise<unknown> =>
    Promise.resolve(lockStreams({ db, run: send, lists: "arrays" }, [names]));
  return {
    db,
    run,
    lists: "arrays",
    // Not waited for: what is sent after it is also done after it. Each
    // statement of the transaction sees what was committed before it began
    // (READ COMMITTED). With the streams held first, nobody can leave a room
    // between "is a member" and the message's number. In one order everywhere,
    // so that no two transactions wait for each other.
    begin: (streams) => {
      objection = undefined;
      const object = (error: unknown): void => {
        objection ??= error instanceof Error ? error : new Error(String(error));
      };
      gather();
      client.query("begin").catch(object);
      const names = [...new Set(streams())];
      if (names.length > 0) hold(names).catch(object);
      return Promise.resolve();
    },
    commit: async (written) => {
      gather();
      const [{ command }] = await Promise.all([
        client.query("commit"),
        ...written,
      ]);
      // PostgreSQL ends a transaction that failed somewhere so, without an error.
      if (command === "ROLLBACK") {
        throw objection ?? new Error("the commit was refused");
      }
    },
    isFailureOfAll: (error) => kindOfFailure(error) !== "other",
  };
}

/** Kysely asks a pool for connections; here there is one. */
function poolOf(client: Client): PostgresPool {
  const only = {
    query: client.query.bind(client),
    release: () => undefined,
  } as unknown as PostgresPoolClient;
  return {
    connect: () => Promise.resolve(only),
    end: () => Promise.resolve(),
    options: {},
  };
}
