import { sql, type Kysely, type Transaction } from "kysely";
import type { Schema } from "./schema.ts";

export interface Migration {
  name: string;
  run: (db: Transaction<Schema>) => Promise<void>;
}

/** Makes other nodes that start at this moment wait for the end of the transaction. */
export type Exclude = (tx: Transaction<Schema>) => Promise<unknown>;

/** Where nobody else can be: SQLite has one writer. */
export const alone: Exclude = () => Promise.resolve();

/** The data folder belongs to a newer Parley: starting would harm it. */
export class NewerDatabaseError extends Error {}

/**
 * Brings a database to this version, all missing steps in one transaction: a
 * crash at any statement leaves the version that was there before (P22).
 */
export async function migrate(
  db: Kysely<Schema>,
  migrations: readonly Migration[],
  exclude: Exclude = alone,
): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await exclude(tx);
    await sql`create table if not exists meta (
      key text primary key, value text not null)`.execute(tx);
    const row = await tx
      .selectFrom("meta")
      .select("value")
      .where("key", "=", "version")
      .executeTakeFirst();
    const version = Number(row?.value ?? 0);
    if (version > migrations.length) {
      throw new NewerDatabaseError(
        `The data was written by a newer Parley (its version is ${version}, this program knows ${migrations.length}). Start the newer program, or choose another PARLEY_DATA or PARLEY_DATABASE_URL.`,
      );
    }
    for (const migration of migrations.slice(version)) await migration.run(tx);
    await setMeta(tx, "version", String(migrations.length));
  });
}

export async function setMeta(
  db: Transaction<Schema>,
  key: string,
  value: string,
): Promise<void> {
  await db
    .insertInto("meta")
    .values({ key, value })
    .onConflict((conflict) => conflict.column("key").doUpdateSet({ value }))
    .execute();
}
