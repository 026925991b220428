import { sql } from "kysely";
import type { Migration } from "../store/migrate.ts";
import { sqliteWords } from "../store/migrations/dialect-words.ts";
import { migrationsFor } from "../store/migrations/migrations.ts";

/** The real migrations, and after them some as a later version might have. */
export const upgrades: readonly Migration[] = [
  ...migrationsFor(sqliteWords),
  {
    name: "add and fill a column",
    run: async (db) => {
      await sql`alter table people add column colour text`.execute(db);
      await sql`update people set colour = 'red'`.execute(db);
      await sql`create index people_colour on people (colour)`.execute(db);
    },
  },
  {
    name: "a table",
    run: async (db) => {
      await sql`create table pins (stream text, seq integer) strict`.execute(
        db,
      );
      await sql`insert into pins values ('r_x', 1)`.execute(db);
    },
  },
];
