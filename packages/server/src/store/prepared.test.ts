import { expect, test } from "bun:test";
import { sql } from "kysely";
import { openDatabase } from "../testing/open-database.ts";
import type { Connection } from "./connection.ts";
import { overRows } from "./prepared.ts";

const echo = overRows<{ number: number; word: string }>(
  ["integer", "text"],
  (rows) => sql`
    with given (number, word) as (${rows})
    select number, word from given`,
);

test("any number of rows goes in and comes out whole and in order", async () => {
  await using place = await openDatabase();
  for (const count of [0, 1, 3, 4, 5, 15, 16, 17, 63, 64, 65, 85, 129, 500]) {
    const rows = Array.from({ length: count }, (_, index) => [
      index,
      `word ${index}`,
    ]);
    const found = await echo(place.connection, rows);
    expect(found.map(({ number, word }) => [number, word])).toEqual(rows);
  }
});

test("however many rows there are, the statements are a few whose texts never change", async () => {
  await using place = await openDatabase();
  const texts = new Set<string>();
  const { connection } = place;
  const listening: Connection = {
    ...connection,
    run: (query) => {
      texts.add(query.sql);
      return connection.run(query);
    },
  };
  for (let count = 0; count <= 200; count += 1) {
    const rows = Array.from({ length: count }, () => [1, "x"]);
    expect(await echo(listening, rows)).toHaveLength(count);
  }
  expect(texts.size).toBe(4);
});
