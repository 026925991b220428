import type { RunResult } from "./run.ts";
import { isSound } from "./run.ts";

/** A run that went wrong, in few words. */
export interface BadRun {
  seed: number;
  rules: string[];
  words: string;
}

/** What many runs did, so that one sees that they reached every corner. */
export interface Tally {
  runs: number;
  /** What this process has used, with compiling and collecting. */
  cpuMs: number;
  virtualMs: number;
  steps: number;
  counts: Record<string, number>;
  faults: Record<string, number>;
  equalWithinSecond: number;
  slowestEqualMs: number;
  bad: BadRun[];
}

export function emptyTally(): Tally {
  return {
    ...{ runs: 0, cpuMs: 0, virtualMs: 0, steps: 0, counts: {}, faults: {} },
    ...{ equalWithinSecond: 0, slowestEqualMs: 0, bad: [] },
  };
}

export function addRun(tally: Tally, result: RunResult): void {
  const { seed, plan, check, thrown, records, virtualMs, steps } = result;
  const { counts } = check;
  tally.runs += 1;
  tally.virtualMs += virtualMs;
  tally.steps += steps;
  for (const ms of counts.equalAfterMs) {
    tally.slowestEqualMs = Math.max(tally.slowestEqualMs, ms);
    if (ms <= 1_000) tally.equalWithinSecond += 1;
  }
  add(tally.counts, {
    posts: counts.posts,
    acknowledged: counts.acknowledged,
    deleted: counts.deletions,
    "taken out of rooms": counts.removals,
    unknown: counts.unknown,
    received: counts.received,
    connections: counts.connections,
    reconnects: counts.reconnects,
    "resumed live": counts.resumes.live,
    "resumed by reset": counts.resumes.reset,
    "told gone": counts.resumes.gone,
    pages: counts.pages,
    "screens looked at": counts.shown,
    "page crashes": counts.crashes,
    "runs on several nodes": plan.nodes > 1 ? 1 : 0,
    "runs of a minute": plan.activeMs >= 60_000 ? 1 : 0,
    "runs with two tabs": plan.tabs > 0 ? 1 : 0,
    "runs without faults": plan.faults.length === 0 ? 1 : 0,
    records: records.length,
  });
  for (const record of records) {
    if (record.k === "ok" && record.repeated) {
      add(tally.counts, { "acknowledged again": 1 });
    } else if (record.k === "error") {
      add(tally.counts, { [`refused ${record.code}`]: 1 });
    } else if (record.k === "close") {
      add(tally.counts, { [`closed ${record.code}`]: 1 });
    }
  }
  add(tally.faults, counts.faults);
  if (!isSound(result)) {
    const rules = [...new Set(check.violations.map(({ rule }) => rule))];
    if (thrown.length > 0) rules.push("L-3");
    const words = check.violations[0]?.words ?? thrown[0] ?? "";
    tally.bad.push({ seed, rules, words });
  }
}

/** Two tallies in one, as of two processes. */
export function joinTallies(tally: Tally, other: Tally): void {
  tally.runs += other.runs;
  tally.cpuMs += other.cpuMs;
  tally.virtualMs += other.virtualMs;
  tally.steps += other.steps;
  tally.equalWithinSecond += other.equalWithinSecond;
  tally.slowestEqualMs = Math.max(tally.slowestEqualMs, other.slowestEqualMs);
  add(tally.counts, other.counts);
  add(tally.faults, other.faults);
  tally.bad.push(...other.bad);
}

function add(
  sums: Record<string, number>,
  more: Readonly<Record<string, number>>,
): void {
  for (const [name, count] of Object.entries(more)) {
    sums[name] = (sums[name] ?? 0) + count;
  }
}
