import { createHash } from "node:crypto";
import { existsSync, rmSync } from "node:fs";
import path from "node:path";
import { openDataFolder } from "../../data-folder.ts";
import { sqliteWords } from "../migrations/dialect-words.ts";
import { migrationsFor } from "../migrations/migrations.ts";
import { lockFolder } from "../sqlite/folder-lock.ts";
import { databaseFile, openForReading } from "../sqlite/open.ts";
import { MoveError } from "./move-error.ts";
import {
  keyColumns,
  keyOf,
  rowOf,
  tables,
  textOf,
  type Key,
  type Row,
  type Table,
  type Value,
} from "./tables.ts";

type Database = ReturnType<typeof openForReading>;

/** Rows per page, and so per transaction: what a kill can cost is one page. */
const pageRowsMax = 2_000;

/** … or this many characters, when the rows are long: memory stays bounded. */
const pageCharactersMax = 1_048_576;

/**
 * The data folder that is moved, as it was at one moment: held for this process
 * alone, and read in one transaction on a connection that cannot write.
 */
export class Source implements Disposable {
  readonly folder: string;
  readonly meta: ReadonlyMap<string, string>;
  readonly epoch: string;
  readonly #database: Database;
  readonly #pageRows: number;
  readonly #release: () => void;

  /** Throws MoveError, FolderInUseError or DataFolderError with a sentence. */
  constructor(folder: string, { pageRows = pageRowsMax } = {}) {
    const file = path.resolve(folder, databaseFile);
    if (!existsSync(file)) {
      throw new MoveError(
        `There is no database in "${path.dirname(file)}". Name the data folder of the Parley that moves, with --data or PARLEY_DATA.`,
      );
    }
    this.folder = openDataFolder(folder);
    this.#pageRows = pageRows;
    using stack = new DisposableStack();
    stack.use(lockFolder(this.folder));
    removeEmptyLogAfterwards(stack, file);
    try {
      const database = (this.#database = openForReading(file));
      stack.defer(() => {
        database.close(true);
      });
      // One moment for everything: what is compared is what was copied.
      database.run("begin");
      this.meta = readMeta(database);
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new MoveError(
        `The database "${file}" cannot be used (${reason}). Put a backup in its place, or name another folder.`,
        { cause },
      );
    }
    this.epoch = demandThisVersion(this.meta, this.folder);
    const kept = stack.move();
    this.#release = () => {
      kept.dispose();
    };
  }

  /** The rows of a table in the order of its key, page by page. */
  *pages(table: Table, after?: Key): Generator<readonly Row[], void> {
    let last = after;
    for (;;) {
      const page = this.#page(table, last);
      const lastRow = page.at(-1);
      if (lastRow === undefined) return;
      yield page;
      last = keyOf(table, lastRow);
    }
  }

  /** How many rows there are, up to a key or in all. */
  count(table: Table, upTo?: Key): number {
    const until = upTo === undefined ? "" : where(table, "<=");
    using query = this.#database.prepare<{ count: number }, Value[]>(
      `select count(*) as count from ${table.name} ${until}`,
    );
    return query.get(...(upTo ?? []))?.count ?? 0;
  }

  /**
   * Differs when anything was written in between. Everything counts but the log
   * itself: nothing gets into that without moving its stream's head.
   */
  fingerprint(): string {
    const hash = createHash("sha256");
    hash.update(JSON.stringify([...this.meta].sort()));
    for (const table of tables) {
      if (table.name === "events" || table.name === "messages") continue;
      for (const page of this.pages(table)) {
        for (const row of page) hash.update(`${textOf(row)}\n`);
      }
    }
    return hash.digest("hex");
  }

  [Symbol.dispose](): void {
    this.#release();
  }

  #page(table: Table, after: Key | undefined): Row[] {
    const columns = table.columns.map(quoted).join(", ");
    const order = keyColumns(table).map(quoted).join(", ");
    const from = after === undefined ? "" : where(table, ">");
    using query = this.#database.prepare<Record<string, Value>, Value[]>(
      `select ${columns} from ${table.name} ${from} order by ${order} limit ${this.#pageRows}`,
    );
    const page: Row[] = [];
    let characters = 0;
    for (const found of query.iterate(...(after ?? []))) {
      const row = rowOf(table, found);
      page.push(row);
      for (const value of row) {
        characters += typeof value === "string" ? value.length : 8;
      }
      if (characters >= pageCharactersMax) break;
    }
    return page;
  }
}

function quoted({ name }: { name: string }): string {
  return `"${name}"`;
}

function where(table: Table, comparison: "<=" | ">"): string {
  const columns = keyColumns(table);
  const values = columns.map(() => "?").join(", ");
  return `where (${columns.map(quoted).join(", ")}) ${comparison} (${values})`;
}

/**
 * Opening a database that was closed cleanly makes an empty log beside it,
 * which a connection that cannot write leaves behind.
 */
function removeEmptyLogAfterwards(stack: DisposableStack, file: string): void {
  const log = `${file}-wal`;
  if (existsSync(log)) return;
  stack.defer(() => {
    rmSync(log, { force: true });
    rmSync(`${file}-shm`, { force: true });
  });
}

function readMeta(database: Database): Map<string, string> {
  using query = database.prepare<{ key: string; value: string }, []>(
    "select key, value from meta",
  );
  return new Map(query.all().map(({ key, value }) => [key, value]));
}

/** Returns the epoch. */
function demandThisVersion(
  meta: ReadonlyMap<string, string>,
  folder: string,
): string {
  const known = migrationsFor(sqliteWords).length;
  const version = Number(meta.get("version") ?? 0);
  const epoch = meta.get("epoch");
  if (version > known) {
    throw new MoveError(
      `"${folder}" was written by a newer Parley (its version is ${version}, this program knows ${known}). Move it with the newer program.`,
    );
  }
  if (version < known || epoch === undefined) {
    throw new MoveError(
      `"${folder}" is of an older Parley (its version is ${version}, this program's is ${known}). Start this program's server with it once, which brings it up to date; stop it, and run this command again.`,
    );
  }
  return epoch;
}
