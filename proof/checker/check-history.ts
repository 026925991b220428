import type { FinalLog, HistoryRecord } from "../history/record.ts";
import { Course } from "./course.ts";
import { unmetDemands } from "./demands.ts";
import { Judgement } from "./judgement.ts";
import type { CheckOptions } from "./options.ts";
import { judgeNumbers } from "./rules/numbers.ts";
import { StoredLog } from "./stored-log.ts";
import type { Violation } from "./violation.ts";

export interface Counts {
  records: number;
  devices: number;
  posts: number;
  acknowledged: number;
  /** Messages whose deletion was acknowledged. */
  deletions: number;
  /** How often somebody was taken out of a room by somebody else. */
  removals: number;
  /** Sent, and nobody was told what became of it. */
  unknown: number;
  /** Events that came over connections. */
  received: number;
  connections: number;
  /** Connections of a device after its first. */
  reconnects: number;
  resumes: { live: number; reset: number; gone: number };
  pages: number;
  shown: number;
  /** Of those, how often all was to be as it stays. */
  quietLooks: number;
  crashes: number;
  /** How often each kind of fault was switched on. */
  faults: Record<string, number>;
  /** From each "healed" to the "equal" after it. */
  equalAfterMs: number[];
  /** How often each rule was violated: not all of them are kept. */
  violations: Record<string, number>;
}

export interface CheckResult {
  /** A run that broke nothing and did too little proves nothing: it is invalid. */
  verdict: "passed" | "violated" | "invalid";
  /** By time. */
  violations: Violation[];
  counts: Counts;
  /** Why it is invalid. */
  reasons: string[];
}

/**
 * Judges a run by what its processes wrote down and by the log that it left: one
 * pass over the history, and a few numbers kept for each post and stream.
 *
 * An array may be in any order; what comes otherwise has to be merged by time
 * already (`readHistory` does that).
 */
export function checkHistory({
  records,
  log: final,
  options = {},
}: {
  records: Iterable<HistoryRecord>;
  log: FinalLog;
  options?: CheckOptions;
}): CheckResult {
  const judgement = new Judgement(new StoredLog(final), options);
  judgeNumbers(judgement);
  const course = new Course(judgement);
  for (const record of inOrder(records)) course.take(record);
  const counts = course.end();
  const { violations } = judgement.findings;
  violations.sort((one, other) => one.t - other.t);
  const reasons = unmetDemands(options.demands ?? {}, counts, course.devices);
  const isSound = violations.length === 0;
  const verdict = !isSound
    ? "violated"
    : reasons.length > 0
      ? "invalid"
      : "passed";
  return { verdict, violations, counts, reasons };
}

/** The same records by time; those of one moment stay as they are. */
function inOrder(records: Iterable<HistoryRecord>): Iterable<HistoryRecord> {
  if (!Array.isArray(records)) return records;
  const all = records as HistoryRecord[];
  for (let index = 1; index < all.length; index += 1) {
    if ((all[index - 1]?.t ?? 0) > (all[index]?.t ?? 0)) {
      return all.toSorted((one, other) => one.t - other.t);
    }
  }
  return all;
}
