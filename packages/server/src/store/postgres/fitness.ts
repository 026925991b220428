import { sql, type Kysely } from "kysely";
import type { Schema } from "../schema.ts";

/** What PostgreSQL says of itself and of the database. */
export interface Facts {
  /** As a number: 140005 is 14.5. */
  version: number;
  versionText: string;
  encoding: string;
  isStandby: boolean;
  /** Whether what is committed is synced at all. */
  fsync: string;
  /** The number that a server is given when it is made. */
  system: string;
  /** The database's number in it. */
  database: string;
}

/** PostgreSQL 14 is the oldest that is still maintained in 2026. */
const oldestVersion = 140_000;

/** Not a database to rely on, and why. */
export class UnfitDatabaseError extends Error {}

export async function readFacts(db: Kysely<Schema>): Promise<Facts> {
  const { rows } = await sql<Facts>`
    select
      current_setting('server_version_num')::int as version,
      current_setting('server_version') as "versionText",
      current_setting('server_encoding') as encoding,
      pg_is_in_recovery() as "isStandby",
      current_setting('fsync') as fsync,
      (select system_identifier::text from pg_control_system()) as system,
      (select oid::text from pg_database
        where datname = current_database()) as database`.execute(db);
  const [facts] = rows;
  if (facts === undefined) throw new Error("PostgreSQL said nothing");
  return facts;
}

/**
 * Throws UnfitDatabaseError when it is not a database that Parley can be in;
 * `address` is what the operator knows its address as.
 */
export function demandFitness(facts: Facts, address: string): void {
  const { version, versionText, encoding, isStandby } = facts;
  if (version < oldestVersion) {
    throw new UnfitDatabaseError(
      `PostgreSQL ${versionText} is too old: Parley needs version 14 or newer. Upgrade it, or name another (${address}).`,
    );
  }
  if (encoding !== "UTF8") {
    throw new UnfitDatabaseError(
      `The database's encoding is ${encoding}, and Parley needs UTF8, or texts would be lost. Make one with: create database … encoding 'UTF8' template template0`,
    );
  }
  if (isStandby) {
    throw new UnfitDatabaseError(
      `This PostgreSQL is a standby, which cannot store anything. Check ${address}: it has to be the primary's.`,
    );
  }
}
