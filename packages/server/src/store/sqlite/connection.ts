import type { Database, SQLQueryBindings } from "bun:sqlite";
import { Kysely, type CompiledQuery } from "kysely";
import type { WritingConnection } from "../connection.ts";
import type { Schema } from "../schema.ts";
import { BunSqliteDialect } from "./dialect.ts";

/** A SQLite connection; `run` is a prepared statement of Bun's, and synchronous. */
export function sqliteConnection(database: Database): WritingConnection {
  return {
    db: new Kysely<Schema>({ dialect: new BunSqliteDialect(database) }),
    run: <Row>({ sql, parameters }: CompiledQuery<Row>): Row[] =>
      database
        .query<Row, SQLQueryBindings[]>(sql)
        .all(...(parameters as SQLQueryBindings[])),
    lists: "values",
    // The writer is alone, so no stream has to be held. A plain `begin` takes
    // the write lock at the first write, and then fails instead of waiting
    // when another connection wrote in between.
    begin: () =>
      new Promise((resolve) => {
        database.query("begin immediate").run();
        resolve();
      }),
    commit: async (written) => {
      await Promise.all(written);
      database.query("commit").run();
    },
    isFailureOfAll,
  };
}

function isFailureOfAll(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? error.code : "";
  return /^SQLITE_(?:FULL|BUSY|IOERR|CORRUPT|NOTADB|CANTOPEN|READONLY)/.test(
    String(code),
  );
}
