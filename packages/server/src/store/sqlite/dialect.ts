import type { Database, SQLQueryBindings } from "bun:sqlite";
import {
  CompiledQuery,
  SqliteDialect,
  type DatabaseConnection,
  type Driver,
  type SqliteDatabase,
  type TransactionSettings,
} from "kysely";

/** bun:sqlite under Kysely's own SQLite dialect. */
export class BunSqliteDialect extends SqliteDialect {
  readonly #database: Database;

  constructor(database: Database) {
    super({ database: asKyselyDatabase(database) });
    this.#database = database;
  }

  override createDriver(): Driver {
    const driver = super.createDriver();
    driver.beginTransaction = async (
      connection: DatabaseConnection,
      settings: TransactionSettings,
    ) => {
      // A plain `begin` takes the write lock at the first write, and then
      // fails instead of waiting when another connection wrote in between.
      const isReadOnly = settings.accessMode === "read only";
      const statement = isReadOnly ? "begin" : "begin immediate";
      await connection.executeQuery(CompiledQuery.raw(statement));
    };
    const rollback = driver.rollbackTransaction.bind(driver);
    driver.rollbackTransaction = async (connection) => {
      // SQLite undoes the whole transaction by itself when the disk is full.
      // A second rollback would fail, and hide why the first was needed (P4).
      if (this.#database.inTransaction) await rollback(connection);
    };
    return driver;
  }
}

/** Kysely needs only prepare() and close(), shaped like better-sqlite3's. */
function asKyselyDatabase(database: Database): SqliteDatabase {
  return {
    close: () => database.close(),
    prepare: (text) => {
      const statement = database.query<unknown, SQLQueryBindings[]>(text);
      return {
        reader: statement.columnNames.length > 0,
        all: (parameters) => statement.all(...bindings(parameters)),
        run: (parameters) => statement.run(...bindings(parameters)),
        iterate: (parameters) => statement.iterate(...bindings(parameters)),
      };
    },
  };
}

function bindings(parameters: readonly unknown[]): SQLQueryBindings[] {
  return parameters as SQLQueryBindings[];
}
