import type { HistoryRecord } from "../history/record.ts";
import type { CheckResult, Counts } from "./check-history.ts";
import type { Violation } from "./violation.ts";

/** Told of what happened before and after the first violation. */
const aroundMs = 2_000;
const linesMax = 60;

/**
 * What a person wants to know of a run: whether it is sound, what it did, and
 * of the first thing that must not be, everything that happened around it.
 * `records` are gone through once more, and only if there is such a thing.
 */
export function reportOf(
  { verdict, violations, counts, reasons }: CheckResult,
  records: Iterable<HistoryRecord>,
): string {
  const lines = [
    `Verdict: ${verdict}`,
    ...reasons.map((reason) => `  invalid: ${reason}`),
    ...linesOfCounts(counts),
  ];
  const [first] = violations;
  if (first !== undefined) {
    const rules = Object.entries(counts.violations).map(told).join(", ");
    const device = first.c === undefined ? "" : ` (${first.c})`;
    lines.push(
      `Violated: ${rules}`,
      `First violation, at ${seconds(first.t)} s${device}:`,
      `  [${first.rule}] ${first.words}`,
      `Two seconds around it:`,
      ...linesAround(first, records),
    );
  }
  return lines.join("\n");
}

function linesOfCounts(counts: Counts): string[] {
  const { live, reset, gone } = counts.resumes;
  const faults = Object.entries(counts.faults).map(told);
  const equal = counts.equalAfterMs.map((ms) => `${Math.round(ms)} ms`);
  return [
    `  ${counts.records} records of ${counts.devices} devices`,
    `  posts ${counts.posts}, acknowledged ${counts.acknowledged}, outcome unknown ${counts.unknown}, events received ${counts.received}`,
    `  deleted ${counts.deletions}, taken out of rooms ${counts.removals} times`,
    `  connections ${counts.connections}, reconnects ${counts.reconnects}, crashes ${counts.crashes}`,
    `  resumes: ${live} live, ${reset} reset, ${gone} gone; pages ${counts.pages}; screens looked at ${counts.shown} times`,
    `  faults: ${faults.length === 0 ? "none" : faults.join(", ")}`,
    ...(equal.length === 0
      ? []
      : [`  equal after the last fault: ${equal.join(", ")}`]),
  ];
}

function told([name, count]: [string, number]): string {
  return `${name} ×${count}`;
}

function linesAround(
  violation: Violation,
  records: Iterable<HistoryRecord>,
): string[] {
  const near: HistoryRecord[] = [];
  for (const record of records) {
    if (isAbout(violation, record)) near.push(record);
    else if (Math.abs(record.t - violation.t) <= aroundMs) near.push(record);
  }
  // Those that are about the same thing come first if not all fit.
  const chosen = near
    .map((record) => ({ record, rank: rankOf(violation, record) }))
    .toSorted((one, other) => other.rank - one.rank)
    .slice(0, linesMax)
    .map(({ record }) => record)
    .toSorted((one, other) => one.t - other.t);
  const left = near.length - chosen.length;
  return [
    ...chosen.map((record) => lineOf(record, violation.t)),
    ...(left > 0 ? [`  … and ${left} more`] : []),
  ];
}

/** What was said of the message itself is told whenever that was. */
function isAbout({ cid }: Violation, record: HistoryRecord): boolean {
  return cid !== undefined && "cid" in record && record.cid === cid;
}

function rankOf(violation: Violation, record: HistoryRecord): number {
  if (isAbout(violation, record)) return 100;
  const isSameDevice = "c" in record && record.c === violation.c;
  const isSameStream = "stream" in record && record.stream === violation.stream;
  const isOfRun = !("c" in record);
  const kinship =
    4 * Number(isOfRun) + 3 * Number(isSameStream) + 2 * Number(isSameDevice);
  // Of equal ones, what is nearest in time.
  return kinship - Math.abs(record.t - violation.t) / (aroundMs + 1);
}

function lineOf(record: HistoryRecord, center: number): string {
  const { t, k, ...rest } = record;
  const offset = ((t - center) / 1_000).toFixed(3);
  const device = "c" in record ? record.c : "";
  const details = Object.entries(rest)
    .filter(([name]) => !["p", "c", "d", "h"].includes(name))
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  return `  ${offset.padStart(8)} ${device.padEnd(8)} ${k.padEnd(9)} ${details.join(" ")}`;
}

function seconds(ms: number): string {
  return (ms / 1_000).toFixed(3);
}
