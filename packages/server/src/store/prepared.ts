import { sql, type CompiledQuery, type RawBuilder } from "kysely";
import type { Connection } from "./connection.ts";

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

type ColumnType = "text" | "integer";

/** A statement over at most so many rows, and how they become its parameters. */
interface Portion<Row> {
  size: number;
  compiled: Compiled<Row>;
  parameters: (rows: readonly (readonly unknown[])[]) => unknown[];
}

/**
 * A statement over a list of rows: `build` gets the list as a query, which may
 * stand after `insert into …` or in `with … as ( )`. Its only parameters are
 * the rows.
 */
export function overRows<Row>(
  columns: readonly ColumnType[],
  build: (rows: RawBuilder<unknown>) => RawBuilder<Row>,
): (
  connection: Connection,
  rows: readonly (readonly unknown[])[],
) => Promise<Row[]> {
  const byDialect: Record<Connection["lists"], readonly Portion<Row>[]> = {
    values: asValues(columns.length, build),
    arrays: asArrays(columns, build),
  };
  return async (connection, rows) => {
    const found: Row[] = [];
    let start = 0;
    const portions = byDialect[connection.lists];
    for (const [index, { size, compiled, parameters }] of portions.entries()) {
      const isLast = index === portions.length - 1;
      while (rows.length - start >= (isLast ? 1 : size)) {
        const portion = rows.slice(start, start + size);
        const query = {
          ...compiled.on(connection),
          parameters: parameters(portion),
        };
        for (const one of await connection.run<Row>(query)) found.push(one);
        start += size;
      }
    }
    return found;
  };
}

// On SQLite a statement's text depends on how many rows it takes, and both
// compiling it and preparing it cost more than running it. With four sizes, any
// number of rows is a few statements whose texts are always the same.
const sizes = [64, 16, 4, 1] as const;

function asValues<Row>(
  width: number,
  build: (rows: RawBuilder<unknown>) => RawBuilder<Row>,
): Portion<Row>[] {
  const row = sql`(${sql.join(new Array<null>(width).fill(null))})`;
  return sizes.map((size) => ({
    size,
    compiled: new Compiled(() =>
      build(sql`values ${sql.join(new Array<typeof row>(size).fill(row))}`),
    ),
    parameters: (rows) => rows.flat(),
  }));
}

/** PostgreSQL takes whole columns, so that any number of rows is one statement and one way. */
function asArrays<Row>(
  columns: readonly ColumnType[],
  build: (rows: RawBuilder<unknown>) => RawBuilder<Row>,
): Portion<Row>[] {
  const arrays = columns.map((type) =>
    type === "text" ? sql`${null}::text[]` : sql`${null}::bigint[]`,
  );
  return [
    {
      size: 1_000,
      compiled: new Compiled(() =>
        build(sql`select * from unnest(${sql.join(arrays)})`),
      ),
      parameters: (rows) =>
        columns.map((_, column) => rows.map((row) => row[column])),
    },
  ];
}
