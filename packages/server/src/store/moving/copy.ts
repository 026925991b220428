import { MoveError } from "./move-error.ts";
import type { Progress } from "./progress.ts";
import type { Source } from "./source.ts";
import { keyOf, nameOf, tables, type Row, type Table } from "./tables.ts";
import type { Target } from "./target.ts";

/**
 * Copies what is not there yet. Pages are inserted in the order of the key, so
 * that the last key that is there says how far an earlier copy came.
 */
export async function copyTables(
  source: Source,
  target: Target,
  progress: Progress,
): Promise<number> {
  let copied = 0;
  for (const table of tables) {
    const last = await target.lastKey(table);
    const total = source.count(table);
    let done = last === undefined ? 0 : source.count(table, last);
    progress.report({ step: "copying", table: table.name, done, total });
    for (const page of source.pages(table, last)) {
      await insert(table, page, target);
      done += page.length;
      copied += page.length;
      progress.report({ step: "copying", table: table.name, done, total });
    }
  }
  return copied;
}

async function insert(
  table: Table,
  page: readonly Row[],
  target: Target,
): Promise<void> {
  try {
    await target.insert(table, page);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : "";
    const [first, last] = [page[0], page.at(-1)];
    // "character not in repertoire" is the one thing that PostgreSQL refuses
    // in a text and SQLite does not: NUL, which no version of Parley accepts.
    if (code !== "22021" || !first || !last) throw error;
    throw new MoveError(
      `PostgreSQL cannot hold a text in "${table.name}" between (${nameOf(table, keyOf(table, first))}) and (${nameOf(table, keyOf(table, last))}): it has a NUL character in it, which Parley never writes.`,
      { cause: error },
    );
  }
}
