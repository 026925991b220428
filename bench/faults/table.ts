import { columns, markdownTable } from "../table.ts";
import { allViolations } from "./check.ts";
import type { Outcome } from "./conversation.ts";
import {
  answerTimes,
  crossDeliveries,
  firstSuccesses,
  quantile,
} from "./delivery-times.ts";
import { awayMs } from "./scenarios.ts";

export interface FaultColumn {
  title: string;
  outcome: Outcome;
  /** Whether the time until the first success after each fault says something. */
  isOfStore: boolean;
  /** What programs used that are no part of the run: above 15, times are noise. */
  othersCpuPercent: number;
}

/** A run with fewer acknowledgements proves little. */
const acknowledgementsMin = 1_000;

/** One column per run, one line per figure. */
export function faultTable(runs: readonly FaultColumn[]): string {
  const lines: [string, (run: FaultColumn) => string][] = [
    ["posts written", ({ outcome }) => count(outcome.record.posts.size)],
    ["acknowledged", ({ outcome }) => count(acknowledged(outcome))],
    [
      "told to be stored by their event alone",
      ({ outcome }) => count(byEventAlone(outcome)),
    ],
    ["failed, as their author saw it", (run) => failures(run.outcome)],
    ["lost", ({ outcome }) => count(outcome.violations.lost.length)],
    ["doubled", ({ outcome }) => count(outcome.violations.doubled.length)],
    [
      "out of order",
      ({ outcome }) => count(outcome.violations.misordered.length),
    ],
    ["invented", ({ outcome }) => count(outcome.violations.invented.length)],
    ["sockets that closed", ({ outcome }) => closings(outcome)],
    ["refused, and sent again by the SDK", ({ outcome }) => refusals(outcome)],
    ["screens begun anew (reset)", ({ outcome }) => count(outcome.resets)],
    ...phases.flatMap(
      ([phase, words]) =>
        [
          [
            `written → ok, ${words}`,
            ({ outcome }) => spread(answerTimes(outcome.record)[phase]),
          ],
          [
            `written → seen on another node, ${words}`,
            ({ outcome }) => spread(crossDeliveries(outcome.record)[phase]),
          ],
        ] as [string, (run: FaultColumn) => string][],
    ),
    ["PostgreSQL accepts → first ok", successes],
    ["the longest fault", ({ outcome }) => longest(outcome)],
    [
      "CPU of others, % of a core",
      ({ othersCpuPercent }) => count(Math.round(othersCpuPercent)),
    ],
    ["verdict", ({ outcome }) => verdict(outcome)],
  ];
  return markdownTable(
    columns(["", ...runs.map(({ title }) => title)], 1),
    lines.map(([words, say]) => [words, ...runs.map(say)]),
  );
}

/** Whether the run kept every promise, and was enough of one to say so. */
export function verdict(outcome: Outcome): string {
  const violations = allViolations(outcome.violations).length;
  if (violations > 0) return `${violations} violations`;
  if (!outcome.isSettled) return "somebody still waited at the end";
  if (outcome.record.failed.size > 0) return "sends failed";
  if (outcome.record.faults.length === 0) return "invalid: nothing happened";
  if (acknowledged(outcome) < acknowledgementsMin) {
    return `invalid: fewer than ${acknowledgementsMin} acknowledged`;
  }
  return "all right";
}

const phases = [
  ["before", "before"],
  ["during", "while it lasted"],
  ["mending", "in the 2 s after it"],
  ["after", "later"],
] as const;

function acknowledged({ record }: Outcome): number {
  return [...record.posts.values()].filter(({ ack }) => ack !== undefined)
    .length;
}

/**
 * Answered with `unavailable` and stored all the same, or the answer was lost
 * with the connection: their event was faster than the next try.
 */
function byEventAlone(outcome: Outcome): number {
  const { posts, failed } = outcome.record;
  return posts.size - acknowledged(outcome) - failed.size;
}

function failures({ record }: Outcome): string {
  return count(record.failed.size);
}

function closings({ record }: Outcome): string {
  return byName(record.closings.map(({ code }) => String(code)));
}

function refusals({ record }: Outcome): string {
  const names = [...record.refusals].map(([code, times]) => `${times} ${code}`);
  return names.length === 0 ? "0" : names.join(", ");
}

function byName(names: readonly string[]): string {
  if (names.length === 0) return "0";
  const groups = Map.groupBy(names, (name) => name);
  return [...groups]
    .map(([name, all]) => `${all.length} with ${name}`)
    .join(", ");
}

function longest({ record: { faults } }: Outcome): string {
  return ms(Math.max(...faults.map(({ from, to }) => to - from)));
}

function successes({ outcome, isOfStore }: FaultColumn): string {
  if (!isOfStore) return "–";
  const times = firstSuccesses(outcome.record, awayMs / 2);
  return `${ms(quantile(times, 0.5))}, at most ${ms(Math.max(...times))}`;
}

/** p50, p99 and the longest. */
function spread(values: readonly number[]): string {
  if (values.length === 0) return "–";
  return [0.5, 0.99, 1].map((share) => ms(quantile(values, share))).join(", ");
}

function ms(value: number): string {
  return `${value.toFixed(value < 10 ? 1 : 0)} ms`;
}

function count(value: number): string {
  return value.toLocaleString("en");
}
