/** What a run of power cuts came to. */
export interface CutsReport {
  cuts: number;
  seconds: number;
  /** Messages, over all cuts. */
  acknowledged: number;
  /** Of them, not there afterwards, or not as they were acknowledged. */
  lost: number;
  badDatabases: number;
  violations: string[];
  /** From the start of the process until everybody has resumed. */
  restartsMs: number[];
  /** Posts on their way when the power went. */
  unanswered: number;
  /** Of them, found in the database afterwards: committed, but nobody was told. */
  storedUnanswered: number;
  /** Cuts that tried little: nobody was acknowledged before, or nothing was on its way. */
  idleCuts: number;
  /** Torn cuts only: those that came while something was written and not synced. */
  tornCuts: number | null;
  /** Messages in the room at the end, and how large their database is. */
  stored: number;
  databaseBytes: number;
}

/** More of the cuts than this must not be idle. */
const idleShareMax = 0.1;

/** Of a torn run, at least so many have to come in the middle of something. */
const tornShareMin = 0.25;

/** Why a run proves nothing, though nothing was wrong in it. */
export function invalidBecause({
  cuts,
  idleCuts,
  tornCuts,
}: CutsReport): string | null {
  if (idleCuts > cuts * idleShareMax) {
    return `at ${idleCuts} of ${cuts} cuts nobody had been acknowledged or nothing was on its way`;
  }
  if (tornCuts !== null && tornCuts < cuts * tornShareMin) {
    return `only ${tornCuts} of ${cuts} cuts came while something was not synced`;
  }
  return null;
}

/** For people. */
export function printReport(report: CutsReport): void {
  const restarts = report.restartsMs.toSorted((one, other) => one - other);
  const median = restarts[Math.floor(restarts.length / 2)] ?? 0;
  const rows: [string, string | number][] = [
    ["power cuts", report.cuts],
    ["seconds", report.seconds.toFixed(1)],
    ["acknowledged messages", report.acknowledged],
    ["of them lost", report.lost],
    ["databases that are not sound", report.badDatabases],
    ["start to everybody resumed, median, ms", median.toFixed(0)],
    ["slowest, ms", (restarts.at(-1) ?? 0).toFixed(0)],
    ["posts on their way at a cut", report.unanswered],
    ["of them stored", report.storedUnanswered],
    ["cuts that tried too little", report.idleCuts],
    ...(report.tornCuts === null
      ? []
      : [["cuts with unsynced writes", report.tornCuts] as [string, number]]),
    ["messages at the end", report.stored],
    ["database, MB", (report.databaseBytes / 1e6).toFixed(1)],
    ["violations", report.violations.length],
  ];
  for (const [name, value] of rows) {
    console.log(`${name.padEnd(42)}${String(value).padStart(12)}`);
  }
  for (const words of report.violations.slice(0, 20)) console.log(`  ${words}`);
}
