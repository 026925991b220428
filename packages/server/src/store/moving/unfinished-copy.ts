import type { Kysely } from "kysely";
import type { Schema } from "../schema.ts";

/** The key in `meta` that says: a copy is being made here. */
export const copyingKey = "copying";

/** Which data folder is copied here, and what it was like when that began. */
export interface CopyingMark {
  epoch: string;
  fingerprint: string;
}

/** The database holds a part of what was said. */
export class UnfinishedCopyError extends Error {}

/**
 * To be asked before a server makes anything in a database, in the transaction
 * in which it does: it would show half of a log as the whole, and number what
 * comes next from there. Throws UnfinishedCopyError.
 */
export async function refuseUnfinishedCopy(db: Kysely<Schema>): Promise<void> {
  const mark = await db
    .selectFrom("meta")
    .select("value")
    .where("key", "=", copyingKey)
    .executeTakeFirst();
  if (mark === undefined) return;
  throw new UnfinishedCopyError(
    "The database of PARLEY_DATABASE_URL holds an unfinished copy of a data folder. Finish it with `parley migrate-to`, the same command as before, or choose another database.",
  );
}
