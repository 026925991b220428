import { columns, markdownTable } from "../../bench/table.ts";
import type { Judged } from "./judge.ts";
import type { RunOutcome } from "./run.ts";

/** A run in numbers. */
export function figuresOf(outcome: RunOutcome, { counts }: Judged) {
  const { talkedMs, acknowledged, equalMs, rssBytes, seed } = outcome;
  return {
    ...{ seed, nodes: outcome.place.nodes.length },
    minutes: round(talkedMs / 60_000, 2),
    acknowledged,
    acknowledgedPerSecond: Math.round((1_000 * acknowledged) / talkedMs),
    failed: outcome.failed,
    unknown: counts.unknown,
    faults: [...outcome.faults.values()].reduce((sum, one) => sum + one, 0),
    reconnects: counts.reconnects,
    resumes: counts.resumes,
    equalMs: {
      times: equalMs.length,
      p50: Math.round(quantile(equalMs, 0.5)),
      max: Math.round(Math.max(0, ...equalMs)),
    },
    serverMegabytes: {
      first: megabytes(rssBytes[0]),
      last: megabytes(rssBytes.at(-1)),
      max: megabytes(Math.max(0, ...rssBytes)),
    },
  };
}

/** What the run was, for people. */
export function reportOf(outcome: RunOutcome, judged: Judged): string {
  const figures = figuresOf(outcome, judged);
  const { equalMs, serverMegabytes: rss } = figures;
  const kinds = [...outcome.faults].sort(([one], [other]) =>
    one.localeCompare(other),
  );
  return [
    markdownTable(columns(["What", "Figure"], 1), [
      ["seed", String(figures.seed)],
      ["nodes", String(figures.nodes)],
      ["minutes with faults", String(figures.minutes)],
      ["acknowledged messages", String(figures.acknowledged)],
      ["… per second", String(figures.acknowledgedPerSecond)],
      ["given up (told to their writers)", String(figures.failed)],
      ["of unknown outcome", String(figures.unknown)],
      ["faults", String(figures.faults)],
      ["reconnects", String(figures.reconnects)],
      [
        `time to equality, p50 and longest of ${equalMs.times}`,
        `${equalMs.p50} and ${equalMs.max} ms`,
      ],
      [
        "memory of the biggest server: first, last, most",
        `${rss.first}, ${rss.last}, ${rss.max} MB`,
      ],
    ]),
    "",
    markdownTable(
      columns(["Fault", "Times"], 1),
      kinds.map(([name, times]) => [name, String(times)]),
    ),
    "",
    ...[...outcome.missing].map(([name, why]) => `not run: ${name}: ${why}`),
    ...outcome.failures,
    ...outcome.troubles.map((trouble) => `trouble: ${trouble}`),
    judged.report,
    `verdict: ${judged.verdict}`,
  ].join("\n");
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.ceil(share * sorted.length) - 1] ?? 0;
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}

function megabytes(bytes = 0): number {
  return Math.round(bytes / 1e6);
}
