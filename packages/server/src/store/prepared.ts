import { sql, type CompiledQuery, type RawBuilder } from "kysely";
import type { Connection } from "./connection.ts";

// A statement's text depends on how many rows it takes, and both compiling it
// and preparing it cost more than running it. With four sizes, any number of
// rows is a few statements whose texts are always the same.
const sizes = [64, 16, 4, 1] as const;

/** Compiles a statement once per kind of database and asks `build` only then. */
class Compiled<Row> {
  readonly #byDialect = new Map<unknown, CompiledQuery<Row>>();
  readonly #build: () => RawBuilder<Row>;

  constructor(build: () => RawBuilder<Row>) {
    this.#build = build;
  }

  on({ db }: Connection): CompiledQuery<Row> {
    const dialect = db.getExecutor().adapter.constructor;
    let query = this.#byDialect.get(dialect);
    if (query === undefined) {
      query = this.#build().compile(db);
      this.#byDialect.set(dialect, query);
    }
    return query;
  }
}

/**
 * A statement compiled once: `build` writes `value()` where a value goes, and
 * whoever runs it gives the values in the order of the text.
 */
export function prepared<Row>(
  build: (value: () => RawBuilder<unknown>) => RawBuilder<Row>,
): (
  connection: Connection,
  values: readonly unknown[],
) => Row[] | Promise<Row[]> {
  const compiled = new Compiled(() => build(() => sql`${null}`));
  return (connection, parameters) =>
    connection.run({ ...compiled.on(connection), parameters });
}

/**
 * A statement over a list of rows, written with one `VALUES` list:
 * `build(values)` gets the list as a fragment. Its only parameters are the
 * rows' values, in order.
 */
export function overRows<Row>(
  width: number,
  build: (values: RawBuilder<unknown>) => RawBuilder<Row>,
): (
  connection: Connection,
  rows: readonly (readonly unknown[])[],
) => Promise<Row[]> {
  const row = sql`(${sql.join(new Array<null>(width).fill(null))})`;
  const bySize = sizes.map((size) => ({
    size,
    compiled: new Compiled(() =>
      build(sql.join(new Array<typeof row>(size).fill(row))),
    ),
  }));
  return async (connection, rows) => {
    const found: Row[] = [];
    let start = 0;
    for (const { size, compiled } of bySize) {
      while (rows.length - start >= size) {
        const parameters = rows.slice(start, start + size).flat();
        const query = { ...compiled.on(connection), parameters };
        for (const one of await connection.run<Row>(query)) found.push(one);
        start += size;
      }
    }
    return found;
  };
}
