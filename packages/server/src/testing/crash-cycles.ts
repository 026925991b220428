import { Database } from "bun:sqlite";
import path from "node:path";
import { startParley, type ParleyProcess } from "./parley-process.ts";
import { PostingClient, type SharedRun } from "./posting-client.ts";
import { joinAs, roomsOf } from "./test-guest.ts";

export interface CrashReport {
  /** What was seen that must never be; empty is what we promise. */
  violations: string[];
  acknowledged: number;
  /** Posts that had no answer when the process was killed. */
  unanswered: number;
}

interface Row {
  seq: number;
  cid: string;
  text: string;
}

/**
 * Clients post without pause; again and again the server is killed at a random
 * moment and started on the same data; at the end what everybody was told is
 * compared with the log. `environments` are the settings of each life.
 */
export async function crashCycles({
  folder,
  clients: count,
  environments,
}: {
  folder: string;
  clients: number;
  environments: Record<string, string>[];
}): Promise<CrashReport> {
  const run: SharedRun = { acknowledgedMax: 0, violations: [] };
  const start = (environment: Record<string, string> = {}) =>
    startParley({
      environment: {
        PARLEY_DATA: folder,
        PARLEY_LIMITS: "off",
        PARLEY_LOG: "error",
        ...environment,
      },
    });
  const clients: PostingClient[] = [];
  let lobby = "";
  let unanswered = 0;
  for (const environment of environments) {
    await using parley = await start(environment);
    lobby ||= await settleIn(parley, clients, count, run);
    await Promise.all(clients.map((client) => client.connect(parley)));
    const before = acknowledgedBy(clients);
    for (const client of clients) client.start(lobby);
    await Bun.sleep(250 + Math.random() * 500);
    parley.signal("SIGKILL");
    await parley.exited;
    await Promise.all(clients.map((client) => client.close()));
    unanswered += sum(clients.map((client) => client.unansweredCount));
    if (acknowledgedBy(clients) === before) {
      run.violations.push("invalid run: a life without an acknowledgement");
    }
  }

  // Once more, without any fault: everything gets its answer in the end.
  await using parley = await start();
  await Promise.all(clients.map((client) => client.connect(parley)));
  await Promise.all(clients.map((client) => client.settle(lobby)));
  const rows = readLog(path.join(folder, "parley.db"), lobby, run.violations);
  const head = rows.at(-1)?.seq ?? 0;
  await Promise.all(clients.map((client) => client.reach(head)));
  compare(clients, rows, run.violations);
  await Promise.all(clients.map((client) => client.close()));
  return {
    violations: run.violations,
    acknowledged: acknowledgedBy(clients),
    unanswered,
  };
}

/** Makes the clients, each with a session of its own, and answers the lobby. */
async function settleIn(
  parley: ParleyProcess,
  clients: PostingClient[],
  count: number,
  run: SharedRun,
): Promise<string> {
  const names = Array.from({ length: count }, (_, index) => `Client ${index}`);
  const guests = await Promise.all(names.map((name) => joinAs(parley, name)));
  for (const [index, guest] of guests.entries()) {
    clients.push(new PostingClient(names[index] ?? "", guest, run));
  }
  const [first] = guests;
  if (first === undefined) throw new Error("there are no clients");
  return (await roomsOf(parley, first)).rooms[0]?.stream ?? "";
}

/** The messages of the lobby as they stand in the file, which must be sound. */
function readLog(file: string, lobby: string, violations: string[]): Row[] {
  using database = new Database(file, { readonly: true });
  const check = database.query("PRAGMA integrity_check").values();
  if (String(check) !== "ok") violations.push(`integrity: ${String(check)}`);
  const broken = database.query("PRAGMA foreign_key_check").values();
  if (broken.length > 0) violations.push(`foreign keys: ${String(broken)}`);
  const seqs = database
    .query<{ seq: number }, [string]>(
      "select seq from events where stream = ? order by seq",
    )
    .all(lobby);
  for (const [index, { seq }] of seqs.entries()) {
    if (seq !== index + 1) {
      violations.push(`[D-5] ${seq} stands at place ${index + 1}`);
      break;
    }
  }
  return database
    .query<Row, [string]>(
      `select events.seq, cid, text from events
       join messages using (stream, seq) where stream = ? order by seq`,
    )
    .all(lobby);
}

/** The rules of delivery and order, decided from what the clients wrote down. */
function compare(
  clients: readonly PostingClient[],
  rows: readonly Row[],
  violations: string[],
): void {
  const byCid = new Map<string, Row>();
  for (const row of rows) {
    if (byCid.has(row.cid)) violations.push(`[D-3] twice: ${row.cid}`);
    byCid.set(row.cid, row);
  }
  const attempts = new Map(clients.flatMap(({ attempts }) => [...attempts]));
  for (const { cid, text } of rows) {
    const attempt = attempts.get(cid);
    if (attempt === undefined) violations.push(`[D-2] nobody sent ${cid}`);
    else if (attempt.text !== text) violations.push(`[D-7] changed: ${cid}`);
  }
  for (const { acknowledged } of clients) {
    for (const [cid, seq] of acknowledged) {
      const found = byCid.get(cid)?.seq;
      if (found === undefined) violations.push(`[D-1] lost: ${cid} at ${seq}`);
      else if (found !== seq) {
        violations.push(`[D-3] ${cid} was ${seq} and is ${found}`);
      }
    }
  }
  for (const { seen } of clients) {
    // What a client has seen is the log from its first message on, no more
    // and no less: one order on every screen (P6), nothing missing (P8),
    // nothing shown that was lost (D-6).
    const from = seen[0]?.[0] ?? 0;
    const wanted = rows.filter(({ seq }) => seq >= from);
    const isSame =
      wanted.length === seen.length &&
      wanted.every(({ seq, cid }, index) => {
        const [seenSeq, seenCid] = seen[index] ?? [];
        return seenSeq === seq && seenCid === cid;
      });
    if (!isSame) violations.push("[P6] a client saw another log");
  }
}

function acknowledgedBy(clients: readonly PostingClient[]): number {
  return sum(clients.map(({ acknowledged }) => acknowledged.size));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
