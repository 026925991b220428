import { sql, type RawBuilder } from "kysely";

/** What the definition of a table is made of, in the words of one database. */
export interface DialectWords {
  /** Numbers up to 2^53. */
  integer: RawBuilder<unknown>;
  /** Text that sorts by its code points, the same everywhere. */
  text: RawBuilder<unknown>;
  /** Behind a table's closing bracket. */
  table: RawBuilder<unknown>;
  /** The same for a table that is kept in the order of its key. */
  tableByKey: RawBuilder<unknown>;
  /** A reference on the tables that each message writes to. */
  reference: (target: RawBuilder<unknown>) => RawBuilder<unknown>;
}

export const sqliteWords: DialectWords = {
  integer: sql`integer`,
  text: sql`text`,
  table: sql` strict`,
  tableByKey: sql` strict, without rowid`,
  reference: (target) => target,
};

/**
 * PostgreSQL checks a reference row by row, with a query and a lock on the row
 * it points to: three of them would cost a message more than storing it. The
 * write functions have read what they refer to in the same transaction, and
 * nothing that is referred to is ever deleted.
 */
export const postgresWords: DialectWords = {
  integer: sql`bigint`,
  text: sql`text collate "C"`,
  table: sql``,
  tableByKey: sql``,
  reference: () => sql``,
};
