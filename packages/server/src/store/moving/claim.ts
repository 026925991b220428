import { sql, type Kysely } from "kysely";
import { migrate, setMeta } from "../migrate.ts";
import { postgresWords } from "../migrations/dialect-words.ts";
import { migrationsFor } from "../migrations/migrations.ts";
import { oneNodeAtATime } from "../postgres/open.ts";
import type { Schema } from "../schema.ts";
import { MoveError } from "./move-error.ts";
import { tables } from "./tables.ts";
import { copyingKey, type CopyingMark } from "./unfinished-copy.ts";

/** What the database was found to be. */
export type Claimed =
  /** Nothing was there. */
  | "new"
  /** A copy of this data folder that was begun earlier and goes on. */
  | "resumed"
  /** … that begins anew, because the folder was used in between. */
  | "anew"
  /** It holds this Parley, whole. */
  | "finished";

/**
 * Makes the database one to copy into, and marks it as half-made until the copy
 * was verified; or throws MoveError and leaves it as it is.
 */
export async function claim(
  db: Kysely<Schema>,
  mark: CopyingMark,
): Promise<Claimed> {
  const before = await inspect(db, mark);
  if (before === "finished") return before;
  await migrate(db, migrationsFor(postgresWords), oneNodeAtATime);
  return db.transaction().execute(async (tx) => {
    // A server that starts at this moment founds another Parley here, or waits
    // and finds the mark; it cannot do half of each.
    await oneNodeAtATime(tx);
    const found = await inspect(tx, mark);
    if (found === "finished" || found === "resumed") return found;
    if (found === "anew") await empty(tx);
    await setMeta(tx, copyingKey, JSON.stringify(mark));
    return found;
  });
}

/** Looks, and changes nothing. */
async function inspect(
  db: Kysely<Schema>,
  mark: CopyingMark,
): Promise<Claimed> {
  const existing = await existingTables(db);
  const [first] = existing;
  if (first === undefined) return "new";
  if (!existing.includes("meta") || !(await isOurMeta(db))) refuse(existing);
  const rows = await db.selectFrom("meta").selectAll().execute();
  const meta = new Map(rows.map(({ key, value }) => [key, value]));

  const copying = meta.get(copyingKey);
  if (copying !== undefined) {
    const found = JSON.parse(copying) as CopyingMark;
    if (found.epoch !== mark.epoch) {
      throw new MoveError(
        "The database holds an unfinished copy of another Parley. Nothing was changed: name another database.",
      );
    }
    return found.fingerprint === mark.fingerprint ? "resumed" : "anew";
  }

  const epoch = meta.get("epoch");
  if (epoch === mark.epoch) {
    demandSameVersion(meta.get("version"));
    return "finished";
  }
  if (epoch !== undefined) {
    throw new MoveError(
      "The database holds another Parley. Nothing was changed: name an empty database.",
    );
  }
  // What is left is a Parley's database in which no server was ever started.
  if (!meta.has("version") && existing.length + rows.length > 1) {
    refuse(existing);
  }
  for (const { name } of tables) {
    if (!existing.includes(name)) continue;
    const { rows } = await sql`select from ${sql.table(name)} limit 1`.execute(
      db,
    );
    if (rows.length > 0) refuse([name]);
  }
  return "new";
}

/** Those of our names that would find something there. */
async function existingTables(db: Kysely<Schema>): Promise<string[]> {
  const names = ["meta", ...tables.map(({ name }) => name as string)];
  const { rows } = await sql<{ name: string }>`
    select name from unnest(${names}::text[]) as name
    where to_regclass(name) is not null`.execute(db);
  return rows.map(({ name }) => name);
}

async function isOurMeta(db: Kysely<Schema>): Promise<boolean> {
  const { rows } = await sql<{ name: string }>`
    select attname as name from pg_attribute
    where attrelid = to_regclass('meta') and attnum > 0 and not attisdropped
    order by attname`.execute(db);
  return rows.map(({ name }) => name).join() === "key,value";
}

function refuse(existing: readonly string[]): never {
  const names = existing.map((name) => `"${name}"`).join(", ");
  throw new MoveError(
    `The database has something else under the names that Parley needs (${names}). Nothing was changed: name an empty database.`,
  );
}

function demandSameVersion(version: string | undefined): void {
  const known = migrationsFor(postgresWords).length;
  if (Number(version) === known) return;
  throw new MoveError(
    `The database holds this Parley already, in another version than the data folder (${version ?? "none"} instead of ${known}), so that they cannot be compared. Nothing was changed.`,
  );
}

async function empty(db: Kysely<Schema>): Promise<void> {
  const names = tables.map(({ name }) => sql.table(name));
  await sql`truncate ${sql.join(names)}`.execute(db);
}
