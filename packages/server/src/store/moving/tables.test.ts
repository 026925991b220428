import { expect, test } from "bun:test";
import { openDatabase } from "../../testing/open-database.ts";
import { keyColumns, tables } from "./tables.ts";

test("[D-1] what moves is every table with every column, and a row comes after what it refers to", async () => {
  await using opened = await openDatabase();
  const { database } = opened;
  const names = database
    .query<{ name: string }, []>(
      "select name from sqlite_schema where type = 'table' and name <> 'meta'",
    )
    .all()
    .map(({ name }) => name);
  expect(tables.map(({ name }) => name as string).sort()).toEqual(names.sort());

  const seen = new Set<string>();
  for (const table of tables) {
    const columns = database
      .query<{ name: string; type: string; pk: number }, []>(
        `pragma table_info (${table.name})`,
      )
      .all();
    expect(
      columns.map(({ name, type }) => ({ name, type: type.toLowerCase() })),
    ).toEqual(table.columns.map((column) => ({ ...column })));
    const key = columns
      .filter(({ pk }) => pk > 0)
      .sort((a, b) => a.pk - b.pk)
      .map(({ name }) => name);
    expect(keyColumns(table).map(({ name }) => name)).toEqual(key);

    seen.add(table.name);
    const references = database
      .query<{ table: string }, []>(`pragma foreign_key_list (${table.name})`)
      .all();
    for (const reference of references) expect(seen).toContain(reference.table);
  }
});
