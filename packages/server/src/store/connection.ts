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
}

/** One that writes. */
export interface WritingConnection extends Connection {
  /**
   * Begins a transaction that appends to these streams. Whoever else wants to
   * waits until it ends, so that what it reads of them stays true. Which
   * they are is asked only where somebody else could.
   */
  begin(streams: () => readonly string[]): Promise<void>;
  /**
   * Resolves when everything is on disk. `written` are statements whose answers
   * nobody has waited for yet; should one have failed, nothing is stored.
   * `streams` are those that grow by it.
   */
  commit(
    written: readonly Promise<unknown>[],
    streams: () => ReadonlySet<string>,
  ): Promise<void>;
  /** Whether a failure is the database's own and so everybody's, not that of one write. */
  isFailureOfAll(error: unknown): boolean;
}
