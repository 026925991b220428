import { sql } from "kysely";
import { overRows } from "../prepared.ts";
import { takeOut } from "./take-out.ts";
import type { WriteTransaction } from "./transaction.ts";

// A lease is a row of `sessions` that no secret opens. A guest of the simple
// wire has one: it says for how long to take them for connected, should the
// node that they are connected to never say anything again.

const renew = overRows(
  ["text", "integer", "integer"],
  (rows) => sql`
    with asked (lease, used, until) as (${rows})
    update sessions set used_at = asked.used, expires_at = asked.until
    from asked where sessions.token_hash = asked.lease`,
);

/** Puts the end of these leases off to `forMs` from now. */
export async function renewLeases(
  { connection, now }: WriteTransaction,
  { tokenHashes, forMs }: { tokenHashes: readonly string[]; forMs: number },
): Promise<null> {
  const rows = tokenHashes.map((hash) => [hash, now, now + forMs]);
  await renew(connection, rows);
  return null;
}

/** Ends leases with their connection: their guests leave. */
export async function endLeases(
  transaction: WriteTransaction,
  { tokenHashes }: { tokenHashes: readonly string[] },
): Promise<null> {
  if (tokenHashes.length === 0) return null;
  const ended = await transaction.db
    .deleteFrom("sessions")
    .where("token_hash", "in", tokenHashes)
    .returning("person")
    .execute();
  await takeOut(
    transaction,
    ended.map(({ person }) => person),
  );
  return null;
}
