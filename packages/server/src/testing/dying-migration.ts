import { Kysely } from "kysely";
import { migrate, type Migration } from "../store/migrate.ts";
import type { Schema } from "../store/schema.ts";
import { BunSqliteDialect } from "../store/sqlite/dialect.ts";
import { openForWriting } from "../store/sqlite/open.ts";

/**
 * Migrates a file and calls `after` behind each statement, numbered from 1:
 * the first is the transaction's begin, the last its commit.
 */
export async function migrateFile(
  file: string,
  migrations: readonly Migration[],
  after: (statement: number) => void = () => undefined,
): Promise<void> {
  let statement = 0;
  const db = new Kysely<Schema>({
    dialect: new BunSqliteDialect(openForWriting(file)),
    log: () => {
      statement += 1;
      after(statement);
    },
  });
  try {
    await migrate(db, migrations);
  } finally {
    await db.destroy();
  }
}

// Run by migrate.test.ts as a process of its own: FILE, the module with the
// migrations, and behind which statement it dies as if by kill -9.
if (import.meta.main) {
  const [file = "", module = "", last] = process.argv.slice(2);
  const { upgrades } = (await import(module)) as { upgrades: Migration[] };
  await migrateFile(file, upgrades, (statement) => {
    if (statement === Number(last)) process.kill(process.pid, "SIGKILL");
  });
}
