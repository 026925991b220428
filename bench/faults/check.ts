import type { RunRecord, Slice } from "./run-record.ts";
import type { StoredEvent } from "./stored-log.ts";

/** What one client's screen showed of a stream. */
export interface Screen {
  name: string;
  stream: string;
  slices: readonly Slice[];
  /** What stands on it at the end; older rows may have scrolled out. */
  last: Slice;
}

/** What was seen that must never be, by kind; with the numbers of the invariants. */
export interface Violations {
  lost: string[];
  doubled: string[];
  misordered: string[];
  /** In the log, but nobody wrote it, or wrote it so. */
  invented: string[];
}

/**
 * Compares what everybody wrote down with the final log: one pass for each
 * rule, no search. The log holds the streams of the run completely.
 */
export function check(
  record: RunRecord,
  screens: readonly Screen[],
  log: readonly StoredEvent[],
): Violations {
  const violations: Violations = {
    lost: [],
    doubled: record.contradictions.map((words) => `[D-3] ${words}`),
    misordered: [],
    invented: [],
  };
  const streams = Map.groupBy(log, ({ stream }) => stream);
  for (const [stream, events] of streams) {
    checkNumbers(stream, events, violations);
  }
  const stored = checkCids(record, log, violations);
  checkPosts(record, stored, violations);
  for (const screen of screens) {
    checkScreen(screen, streams.get(screen.stream) ?? [], violations);
  }
  return violations;
}

/** The numbers of a stream are 1, 2, 3 … (D-5). */
function checkNumbers(
  stream: string,
  events: readonly StoredEvent[],
  { lost, doubled }: Violations,
): void {
  let last = 0;
  for (const { seq } of events) {
    if (seq === last) doubled.push(`[D-5] ${stream} has ${seq} twice`);
    if (seq > last + 1) {
      lost.push(`[D-5] ${stream} has ${seq} after ${last}`);
    }
    last = seq;
  }
}

/** Every message was written by somebody, so, and is there once. */
function checkCids(
  { posts }: RunRecord,
  log: readonly StoredEvent[],
  { doubled, invented }: Violations,
): Map<string, StoredEvent> {
  const stored = new Map<string, StoredEvent>();
  for (const event of log) {
    const { cid, text, stream } = event;
    if (text === null || cid === null) continue;
    if (stored.has(cid)) doubled.push(`[D-3] ${cid} is stored twice`);
    stored.set(cid, event);
    const post = posts.get(cid);
    if (post === undefined) {
      invented.push(`[D-2] nobody wrote ${cid}`);
    } else if (post.text !== text || post.stream !== stream) {
      invented.push(`[D-7] ${cid} was changed`);
    }
  }
  return stored;
}

/** What was acknowledged is there under its number; the order is the writer's. */
function checkPosts(
  { posts, failed }: RunRecord,
  stored: ReadonlyMap<string, StoredEvent>,
  { lost, doubled, misordered }: Violations,
): void {
  const lastOfWriter = new Map<string, number>();
  for (const { cid, by, stream, ack, floor } of posts.values()) {
    const seq = stored.get(cid)?.seq;
    if (seq === undefined) {
      if (ack !== undefined) lost.push(`[D-1] ${cid}, ok as ${ack.seq}`);
      // Whoever is not told of a failure takes it for sent.
      else if (!failed.has(cid)) lost.push(`[V-5] ${cid}, without a word`);
      continue;
    }
    if (ack !== undefined && ack.seq !== seq) {
      doubled.push(`[D-3] ${cid} was ${ack.seq} and is ${seq}`);
    }
    if (seq <= floor) {
      misordered.push(`[O-4] ${cid} is ${seq}, written after ${floor}`);
    }
    // A failed one may be sent again by hand, and then comes last.
    if (failed.has(cid)) continue;
    const line = `${by} ${stream}`;
    const last = lastOfWriter.get(line) ?? 0;
    if (seq < last) misordered.push(`[O-2] ${cid} is ${seq}, after ${last}`);
    lastOfWriter.set(line, seq);
  }
}

/** Every slice is the log from its first to its last number, up to the end. */
function checkScreen(
  { name, stream, slices, last }: Screen,
  events: readonly StoredEvent[],
  violations: Violations,
): void {
  const head = events.at(-1)?.seq ?? 0;
  const end = slices.at(-1)?.to ?? 0;
  if (end < head) {
    violations.lost.push(`[V-4] ${name} shows ${end} of ${head} of ${stream}`);
  }
  for (const { from, to, rows } of [...slices, last]) {
    const wanted = events.filter(
      ({ seq, text }) => text !== null && seq >= from && seq <= to,
    );
    compareRows(`${name} in ${stream}`, rows, wanted, violations);
  }
}

function compareRows(
  where: string,
  rows: Slice["rows"],
  wanted: readonly StoredEvent[],
  { lost, doubled, misordered, invented }: Violations,
): void {
  const isSame =
    rows.length === wanted.length &&
    rows.every(([seq, cid], index) => {
      const event = wanted[index];
      return event?.seq === seq && event.cid === cid;
    });
  if (isSame) return;
  const cids = rows.map(([, cid]) => cid);
  const shown = new Set(cids);
  const known = new Set(wanted.map(({ cid }) => cid));
  const missing = wanted.filter(({ cid }) => cid !== null && !shown.has(cid));
  const extra = cids.filter((cid) => !known.has(cid));
  for (const { cid } of missing) lost.push(`[P8] ${where}: ${String(cid)}`);
  for (const cid of extra) invented.push(`[D-6] ${where}: ${cid}`);
  const repeated = cids.length - shown.size;
  if (repeated > 0) doubled.push(`[V-1] ${where}: ${repeated} rows`);
  const isOtherOrder =
    missing.length === 0 && extra.length === 0 && repeated === 0;
  if (isOtherOrder) misordered.push(`[P6] ${where}`);
}

/** All of them, in words. */
export function allViolations(violations: Violations): string[] {
  return Object.values(violations).flat() as string[];
}
