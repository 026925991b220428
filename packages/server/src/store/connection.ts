import type { CompiledQuery, Kysely } from "kysely";
import type { Schema } from "./schema.ts";

/**
 * One database connection. Queries are built on `db`; the few that run with
 * every post and every hello are compiled once (prepared.ts) and go through
 * `run`, with nothing in between: at a few hundred commits a second, building
 * and passing on a query costs several times what the database does with it.
 */
export interface Connection {
  readonly db: Kysely<Schema>;
  run<Row>(query: CompiledQuery<Row>): Row[] | Promise<Row[]>;
  /** How this database takes a list of rows (prepared.ts). */
  readonly lists: "values" | "arrays";
  /** What begins a transaction that writes. */
  readonly begin: "begin" | "begin immediate";
}
