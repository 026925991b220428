import { sql } from "kysely";
import { setMeta } from "../migrate.ts";
import { claim, type Claimed } from "./claim.ts";
import { compareTables, DifferenceError, type SameTable } from "./compare.ts";
import { copyTables } from "./copy.ts";
import { MoveError } from "./move-error.ts";
import { Progress, type Advance } from "./progress.ts";
import { Source } from "./source.ts";
import { tables } from "./tables.ts";
import { targetSentence } from "./target-sentence.ts";
import { Target } from "./target.ts";
import { copyingKey } from "./unfinished-copy.ts";

export interface MoveOptions {
  folder: string;
  /** postgres://user:password@host:5432/database */
  url: string;
  onClaimed?: (claimed: Claimed) => void;
  /** After each page. */
  onAdvance?: (advance: Advance) => void;
  /** Stops it behind the page that is being copied. */
  signal?: AbortSignal;
  pageRows?: number;
}

export interface Moved {
  claimed: Claimed;
  /** Rows that were copied now. */
  copied: number;
  tables: readonly SameTable[];
}

/**
 * Copies a data folder to PostgreSQL, or goes on with a copy that was begun,
 * and compares everything. Only then is it a database that a server starts on.
 * The folder is not changed. Throws errors with sentences for the operator.
 */
export async function moveToPostgres({
  folder,
  url,
  onClaimed = () => undefined,
  onAdvance = () => undefined,
  signal,
  pageRows,
}: MoveOptions): Promise<Moved> {
  using source = new Source(folder, pageRows === undefined ? {} : { pageRows });
  await using target = await Target.connect(url);
  const progress = new Progress(onAdvance, signal);
  try {
    const { epoch } = source;
    const fingerprint = source.fingerprint();
    const claimed = await claim(target.db, { epoch, fingerprint });
    onClaimed(claimed);
    if (claimed === "finished") {
      const tables = await compareAgain(source, target, progress);
      return { claimed, copied: 0, tables };
    }
    const copied = await copyTables(source, target, progress);
    const tables = await finish(source, target, progress);
    return { claimed, copied, tables };
  } catch (error) {
    throw targetSentence(error, url);
  }
}

/** Verified and no longer marked as half-made in one transaction. */
async function finish(
  source: Source,
  target: Target,
  progress: Progress,
): Promise<SameTable[]> {
  const same = await target.db
    .transaction()
    .setIsolationLevel("repeatable read")
    .execute(async (tx) => {
      // What is compared is what is there when this commits. All queries of the
      // target go over its one connection, and so are part of this transaction.
      await sql`lock table ${allTables()} in share mode`.execute(tx);
      const same = await compareTables(source, target, progress).catch(
        (error: unknown) => {
          if (!(error instanceof DifferenceError)) throw error;
          throw new MoveError(
            `${error.message} The copy stays unfinished, and no server starts on it: make a new, empty database, and run the command with its address.`,
            { cause: error },
          );
        },
      );
      for (const [key, value] of source.meta) await setMeta(tx, key, value);
      await tx.deleteFrom("meta").where("key", "=", copyingKey).execute();
      return same;
    });
  // The first queries of the nodes are planned with figures, not guesses.
  await sql`analyze ${allTables()}`.execute(target.db);
  return same;
}

/** For a copy that was finished before, which servers may use at this moment. */
async function compareAgain(
  source: Source,
  target: Target,
  progress: Progress,
): Promise<SameTable[]> {
  try {
    return await target.db
      .transaction()
      .setIsolationLevel("repeatable read")
      .setAccessMode("read only")
      .execute(() => compareTables(source, target, progress));
  } catch (error) {
    if (!(error instanceof DifferenceError)) throw error;
    throw new MoveError(
      `The database holds a finished copy of this Parley already, and they differ by now: ${error.message} That is as it should be if a server has run on either since. Nothing was changed.`,
      { cause: error },
    );
  }
}

function allTables() {
  return sql.join(tables.map(({ name }) => sql.table(name)));
}
