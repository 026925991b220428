import {
  sql,
  type CompiledQuery,
  type Kysely,
  type RawBuilder,
  type Transaction,
} from "kysely";
import type { Schema } from "./schema.ts";

// A statement's text depends on how many rows it takes, and both compiling it
// and preparing it cost more than running it. With four sizes, any number of
// rows is a few statements whose texts are always the same.
const sizes = [64, 16, 4, 1] as const;

type Executor = Kysely<Schema> | Transaction<Schema>;

/**
 * A statement over a list of rows, written with one `VALUES` list:
 * `build(values)` gets the list as a fragment. Compiled once per size and
 * database; its only parameters are the rows' values, in order.
 */
export function overRows<Row>(
  width: number,
  build: (values: RawBuilder<unknown>) => RawBuilder<Row>,
): (
  executor: Executor,
  rows: readonly (readonly unknown[])[],
) => Promise<Row[]> {
  const compiled = new Map<string, CompiledQuery<Row>>();

  const statement = (executor: Executor, size: number): CompiledQuery<Row> => {
    const dialect = executor.getExecutor().adapter.constructor.name;
    const key = `${dialect} ${size}`;
    let query = compiled.get(key);
    if (query === undefined) {
      const row = sql`(${sql.join(new Array<null>(width).fill(null))})`;
      const values = sql.join(new Array<typeof row>(size).fill(row));
      query = build(values).compile(executor);
      compiled.set(key, query);
    }
    return query;
  };

  return async (executor, rows) => {
    const found: Row[] = [];
    let start = 0;
    for (const size of sizes) {
      while (rows.length - start >= size) {
        const parameters = rows.slice(start, start + size).flat();
        const query = { ...statement(executor, size), parameters };
        const result = await executor.executeQuery<Row>(query);
        found.push(...result.rows);
        start += size;
      }
    }
    return found;
  };
}
