import { sql } from "kysely";
import { inboxOf } from "../stream-keys.ts";
import { holdStreams } from "./hold-streams.ts";
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
  if (simpleWire) await endAllLeases(transaction);
  if (isStart) await lookAtAll(transaction);
  const strays = isStart ? await findStrays(transaction) : [];
  const over = await endOver(transaction, strays);
  const lost = await withoutSession(
    transaction,
    over.map(({ person }) => person),
  );
  await takeOut(transaction, [...new Set([...lost, ...strays])]);
  return { isDone: over.length < guestsMax && strays.length < guestsMax };
}

/** Ends sessions and leases that are over, some at a time; whose they were. */
async function endOver(
  transaction: WriteTransaction,
  strays: readonly string[],
): Promise<{ person: string }[]> {
  const { connection, db, now } = transaction;
  const found = await db
    .selectFrom("sessions")
    .select(["token_hash", "person"])
    .where("expires_at", "<=", now)
    .limit(guestsMax)
    .execute();
  if (found.length === 0) return [];
  // The inboxes before the sessions, as whoever ends some (end-session.ts), and
  // all that will be needed at once.
  const people = [...strays, ...found.map(({ person }) => person)];
  await holdStreams(transaction, people.map(inboxOf));
  const hashes = found.map(({ token_hash }) => token_hash);
  return db
    .with("over", (cte) =>
      cte
        .selectFrom("sessions")
        .select("token_hash")
        .where("token_hash", "in", hashes)
        .where("expires_at", "<=", now)
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
    .where("people.role", "=", "guest")
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
    .where("people.role", "=", "guest")
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
