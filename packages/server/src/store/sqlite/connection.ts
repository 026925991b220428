import type { Database, SQLQueryBindings } from "bun:sqlite";
import { Kysely, type CompiledQuery } from "kysely";
import type { Connection } from "../connection.ts";
import type { Schema } from "../schema.ts";
import { BunSqliteDialect } from "./dialect.ts";

/** A SQLite connection; `run` is a prepared statement of Bun's, and synchronous. */
export function sqliteConnection(database: Database): Connection {
  return {
    db: new Kysely<Schema>({ dialect: new BunSqliteDialect(database) }),
    run: <Row>({ sql, parameters }: CompiledQuery<Row>): Row[] =>
      database
        .query<Row, SQLQueryBindings[]>(sql)
        .all(...(parameters as SQLQueryBindings[])),
    lists: "values",
    // A plain `begin` takes the write lock at the first write, and then fails
    // instead of waiting when another connection wrote in between.
    begin: "begin immediate",
  };
}
