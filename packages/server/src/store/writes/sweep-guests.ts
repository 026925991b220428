import { sql } from "kysely";
import { takeOut } from "./take-out.ts";
import type { WriteTransaction } from "./transaction.ts";

/** Guests handled per transaction, so that a sweep never holds up the posts. */
const guestsMax = 50;

/**
 * Takes guests who cannot come back out of their rooms: those whose session or
 * lease is over. At a start also those who are in a room without either, who
 * are found only by looking at every membership; and, when `simpleWire` says
 * that no such connection can be left (at the start of an only node), those of
 * the simple wire. Answers whether there may be more. Any number of nodes may
 * sweep at once.
 */
export async function sweepGuests(
  transaction: WriteTransaction,
  {
    simpleWire,
    isStart = simpleWire,
  }: { simpleWire: boolean; isStart?: boolean },
): Promise<{ isDone: boolean }> {
  const { connection, db, now } = transaction;
  if (simpleWire) await endAllLeases(transaction);
  const over = await db
    .with("over", (cte) =>
      cte
        .selectFrom("sessions")
        .select("token_hash")
        .where("expires_at", "<=", now)
        .limit(guestsMax)
        // What another node is renewing or sweeping at this moment is left to
        // it. On SQLite nobody else writes.
        .$if(connection.lists === "arrays", (query) =>
          query.forUpdate().skipLocked(),
        ),
    )
    .deleteFrom("sessions")
    .where("token_hash", "in", (cte) =>
      cte.selectFrom("over").select("token_hash"),
    )
    .returning("person")
    .execute();
  const lost = await withoutSession(
    transaction,
    over.map(({ person }) => person),
  );
  if (isStart) await lookAtAll(transaction);
  const strays = isStart ? await findStrays(transaction) : [];
  await takeOut(transaction, [...new Set([...lost, ...strays])]);
  return { isDone: over.length < guestsMax && strays.length < guestsMax };
}

/**
 * Lets PostgreSQL read whole tables in this transaction, which it otherwise may
 * not (session.ts): here every row is asked about.
 */
async function lookAtAll({ connection, db }: WriteTransaction): Promise<void> {
  if (connection.lists === "values") return;
  await sql`
    select set_config('enable_seqscan', 'on', true),
      set_config('enable_hashjoin', 'on', true)`.execute(db);
}

/** Guests among these who have no other session. */
async function withoutSession(
  { db }: WriteTransaction,
  ids: readonly string[],
): Promise<string[]> {
  if (ids.length === 0) return [];
  const rows = await db
    .selectFrom("people")
    .leftJoin("sessions", "sessions.person", "people.id")
    .where("people.id", "in", ids)
    .where("people.kind", "=", "guest")
    .where("sessions.person", "is", null)
    .select("people.id")
    .execute();
  return rows.map(({ id }) => id);
}

async function findStrays({ db }: WriteTransaction): Promise<string[]> {
  const rows = await db
    .selectFrom("members")
    .innerJoin("people", "people.id", "members.person")
    .leftJoin("sessions", "sessions.person", "people.id")
    .where("people.kind", "=", "guest")
    .where("sessions.person", "is", null)
    .select("people.id")
    .distinct()
    .limit(guestsMax)
    .execute();
  return rows.map(({ id }) => id);
}

/** Their guests are strays then. */
async function endAllLeases({ db }: WriteTransaction): Promise<void> {
  await db
    .deleteFrom("sessions")
    .where("token_hash", "like", "lease:%")
    .execute();
}
