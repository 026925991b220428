import { createHash } from "node:crypto";
import { MoveError } from "./move-error.ts";
import type { Progress } from "./progress.ts";
import type { Source } from "./source.ts";
import {
  keyOf,
  nameOf,
  tables,
  textOf,
  type Key,
  type Row,
  type Table,
  type TableName,
} from "./tables.ts";
import type { Target } from "./target.ts";

/** A table that is the same on both sides. */
export interface SameTable {
  table: TableName;
  rows: number;
  /** SHA-256 over all rows in the order of their keys. */
  hash: string;
}

/** Something is not the same; names the table and the row. */
export class DifferenceError extends MoveError {}

/** Reads everything on both sides. Throws DifferenceError at the first difference. */
export async function compareTables(
  source: Source,
  target: Target,
  progress: Progress,
): Promise<SameTable[]> {
  const same: SameTable[] = [];
  for (const table of tables) {
    same.push(await compareTable(table, { source, target, progress }));
  }
  return same;
}

async function compareTable(
  table: Table,
  {
    source,
    target,
    progress,
  }: { source: Source; target: Target; progress: Progress },
): Promise<SameTable> {
  const here = createHash("sha256");
  const there = createHash("sha256");
  const total = source.count(table);
  let rows = 0;
  let after: Key | undefined;
  for (const page of source.pages(table)) {
    const upTo = keyOf(table, page.at(-1) ?? []);
    const copied = await target.rowsBetween(table, {
      ...(after && { after }),
      upTo,
      max: page.length + 1, // one more than there should be
    });
    for (const row of page) here.update(`${textOf(row)}\n`);
    for (const row of copied) there.update(`${textOf(row)}\n`);
    if (here.copy().digest("hex") !== there.copy().digest("hex")) {
      throw difference(table, page, copied);
    }
    after = upTo;
    rows += page.length;
    progress.report({
      step: "comparing",
      table: table.name,
      done: rows,
      total,
    });
  }
  const surplus = await target.rowsBetween(table, {
    ...(after && { after }),
    max: 1,
  });
  if (surplus.length > 0) throw difference(table, [], surplus);
  if (rows !== total) {
    throw new MoveError(
      `The data folder is damaged: "${table.name}" counts ${total} rows and shows ${rows}. Check it with SQLite's "pragma integrity_check".`,
    );
  }
  return { table: table.name, rows, hash: here.digest("hex") };
}

/** The first row in a page that is not the same. */
function difference(
  table: Table,
  page: readonly Row[],
  copied: readonly Row[],
): DifferenceError {
  const texts = new Set(copied.map(textOf));
  const keys = new Set(copied.map((row) => textOf(keyOf(table, row))));
  const wanted = page.find((row) => !texts.has(textOf(row)));
  if (wanted !== undefined) {
    const key = keyOf(table, wanted);
    return new DifferenceError(
      keys.has(textOf(key))
        ? `"${table.name}" is not the same on both sides: the row (${nameOf(table, key)}) has another ${changedColumns(table, wanted, copied)} in PostgreSQL.`
        : `"${table.name}" is not the same on both sides: the row (${nameOf(table, key)}) is missing in PostgreSQL.`,
    );
  }
  const known = new Set(page.map(textOf));
  const surplus = copied.find((row) => !known.has(textOf(row)));
  const key = keyOf(table, surplus ?? []);
  return new DifferenceError(
    `"${table.name}" is not the same on both sides: the row (${nameOf(table, key)}) is in PostgreSQL only.`,
  );
}

/** Their names; what is in them is nobody's business here (L-5). */
function changedColumns(
  table: Table,
  wanted: Row,
  copied: readonly Row[],
): string {
  const key = textOf(keyOf(table, wanted));
  const found = copied.find((row) => textOf(keyOf(table, row)) === key) ?? [];
  return table.columns
    .filter((_, index) => found[index] !== wanted[index])
    .map(({ name }) => `"${name}"`)
    .join(" and ");
}
