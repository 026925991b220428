import { readdirSync } from "node:fs";
import path from "node:path";
import { checkHistory, type CheckResult } from "../checker/check-history.ts";
import type { CheckOptions } from "../checker/options.ts";
import { reportOf } from "../checker/report.ts";
import { readHistory } from "../history/read-history.ts";
import { readLog } from "../history/read-log.ts";
import type { FinalLog } from "../history/record.ts";
import type { RunOutcome } from "./run.ts";

/** A run that did less than this proves nothing. */
const acknowledgedPerMinuteMin = 1_000;
/** Nor does one in which nobody knows what became of the messages. */
const unknownShareMax = 0.05;

export type Judged = CheckResult & { report: string };

/** What is forgiven to a machine that has other things to do. */
export type Patience = Pick<CheckOptions, "equalMs" | "answerMs"> & {
  unknownMax?: number;
};

/** Compares what everybody wrote down with the log that is left. */
export async function judge(
  outcome: RunOutcome,
  { unknownMax = unknownShareMax, ...patience }: Patience = {},
): Promise<Judged> {
  const { place, people, folder, wanted, troubles, talkedMs } = outcome;
  const { ground } = place;
  const minutes = Math.floor(talkedMs / 60_000);
  const log = await readLog(
    ground.kind === "sqlite"
      ? path.join(ground.data, "parley.db")
      : ground.databaseUrl,
  );
  const guests = strangers(log, new Set(people));
  withoutLastSteps(log, guests, outcome.heads);
  const histories = path.join(folder, "histories");
  const files = readdirSync(histories)
    .filter((name) => name.endsWith(".ndjson"))
    .map((name) => path.join(histories, name));
  const result = checkHistory({
    records: readHistory(files),
    log,
    options: {
      ...patience,
      unrecorded: guests,
      isOneNode: place.nodes.length === 1,
      demands: {
        acknowledgedMin: (acknowledgedPerMinuteMin * talkedMs) / 60_000,
        faultKinds: wanted,
        reconnectsMin: 1,
        ...{ deletionsMin: minutes, removalsMin: minutes },
        unknownMax,
      },
    },
  });
  const report = reportOf(result, readHistory(files));
  const reasons = [...result.reasons, ...outcome.failures];
  let { verdict } = result;
  if (verdict === "passed" && reasons.length > 0) verdict = "invalid";
  if (troubles.length > 0) verdict = "violated";
  return { ...result, reasons, verdict, report };
}

/** On the simple wire nobody writes anything down. */
function strangers(log: FinalLog, known: ReadonlySet<string>): Set<string> {
  const authors = [...log.streams.values()].flatMap((events) =>
    events.map(({ by }) => by),
  );
  return new Set(authors.filter((by) => !known.has(by)));
}

/**
 * Guests of the simple wire leave the lobby when they are disconnected, which
 * they are at last by the end of the run: nobody is there to see it.
 */
function withoutLastSteps(
  log: FinalLog,
  guests: ReadonlySet<string>,
  heads: ReadonlyMap<string, number>,
): void {
  for (const [stream, events] of log.streams) {
    const head = heads.get(stream) ?? Infinity;
    for (;;) {
      const last = events.at(-1);
      if (last === undefined || last.seq <= head) break;
      if (last.type !== "member.left" || !guests.has(last.by)) break;
      events.pop();
    }
  }
}
