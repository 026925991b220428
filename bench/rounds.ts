import { measure, type Outcome } from "./measure.ts";
import { faults, type LoadReport, type Traffic } from "./load.ts";
import type { Peer, StartOptions } from "./peers/peer.ts";

/** One server's line of a table. */
export interface Row {
  peer: Peer;
  outcomes: Outcome[];
}

/**
 * Measures all servers once, then all again, so that a busy minute of the
 * machine does not hit one of them alone.
 */
export async function measureRounds(options: {
  title: string;
  peers: readonly Peer[];
  rounds: number;
  start: StartOptions;
  loadOptions: readonly string[];
}): Promise<Row[]> {
  const rows = options.peers.map((peer): Row => ({ peer, outcomes: [] }));
  for (let round = 1; round <= options.rounds; round += 1) {
    for (const row of rows) {
      console.error(
        `${options.title}, round ${round} of ${options.rounds}: ${row.peer.title}`,
      );
      row.outcomes.push(
        await measure(row.peer, options.start, (run) =>
          run(options.loadOptions),
        ),
      );
    }
  }
  return rows;
}

/** Above this it is the generator that was measured, not the server. */
export const generatorCpuPercentMax = 85;

/**
 * Above this, in per cent of a core, something else was running. A server that
 * has to wait for its core sends more at a time, and so looks cheaper and slower
 * than it is.
 */
export const othersCpuPercentMax = 15;

export interface Measured {
  report: LoadReport;
  traffic: Traffic;
}

/** The rounds with traffic; void ones too, since the verdict names them. */
export function measured(row: Pick<Row, "outcomes">): Measured[] {
  return row.outcomes.flatMap((outcome) =>
    outcome.status === "measured" && outcome.report.traffic !== null
      ? [{ report: outcome.report, traffic: outcome.report.traffic }]
      : [],
  );
}

/** One figure of every round. */
export function figure(
  row: Pick<Row, "outcomes">,
  pick: (round: Measured) => number,
): number[] {
  return measured(row).map(pick);
}

/** Whether the line may be believed, in words for the table. */
export function verdict(row: Pick<Row, "outcomes">): string {
  for (const outcome of row.outcomes) {
    if (outcome.status !== "measured") return outcome.reason;
  }
  const rounds = measured(row);
  const faulty = rounds.find(({ report }) => report.void);
  if (faulty !== undefined) {
    return `VOID: ${faults(faulty.report.oracle).join(", ")}`;
  }
  const checked = rounds.reduce(
    (sum, { report }) => sum + report.oracle.checked,
    0,
  );
  const words = [`all ${checked.toLocaleString("en")} right`];
  const most = (pick: (traffic: Traffic) => number) =>
    Math.max(...rounds.map(({ traffic }) => pick(traffic)));
  if (most((traffic) => traffic.generatorCpuPercent) > generatorCpuPercentMax) {
    words.push("limited by the generator");
  }
  const others = most((traffic) => traffic.othersCpuPercent);
  if (others > othersCpuPercentMax) {
    words.push(`disturbed: others used ${others.toFixed(0)} % of a core`);
  }
  return words.join("; ");
}

/** True when the line has figures and none of its rounds is void. */
export function isSound(row: Pick<Row, "outcomes">): boolean {
  const rounds = measured(row);
  return (
    rounds.length === row.outcomes.length &&
    rounds.every(({ report }) => !report.void)
  );
}
