import { readFileSync } from "node:fs";
import path from "node:path";
import type { RunFiles } from "../e2e/screens/seen.ts";
import { seenHistory } from "./browser/seen-history.ts";
import { readLines, readTabFile } from "./browser/tab-file.ts";
import { checkHistory } from "./checker/check-history.ts";
import { reportOf } from "./checker/report.ts";
import { readSqliteLog } from "./history/read-log.ts";
import type { HistoryRecord } from "./history/record.ts";

// bun proof/browser-check.ts <folder> [--json]: judges what four pages saw, by
// the files that a run in e2e/screens left in a folder.

/** Acknowledged messages per second of a run: fewer prove nothing. */
const acknowledgedPerSecondMin = 0.5;
/**
 * A fault comes for every second message, and most of them end the line or the
 * page that the answer would have come by: the event tells the page instead.
 */
const unknownMax = 0.25;

const [folder = ".", ...options] = process.argv.slice(2);

const run = JSON.parse(
  readFileSync(path.join(folder, "run.json"), "utf8"),
) as RunFiles;
const log = readSqliteLog(run.database);
const tabs = run.tabs.map(({ tab, file }) => readTabFile(tab, file));
const events = readLines<HistoryRecord>(run.events);
const records = [...events, ...seenHistory(tabs, log)].toSorted(
  (one, other) => one.t - other.t,
);
const result = checkHistory({
  records,
  log,
  options: {
    isOneNode: true,
    demands: {
      acknowledgedMin: run.seconds * acknowledgedPerSecondMin,
      faultKinds: run.kinds,
      reconnectsMin: run.kinds.length > 0 ? 1 : 0,
      quietLooksMin: tabs.length,
      unknownMax,
    },
  },
});
const report = reportOf(result, records);
const rules = Object.keys(result.counts.violations);
if (options.includes("--json")) {
  console.log(JSON.stringify({ verdict: result.verdict, rules, report }));
} else {
  console.log(report);
  process.exitCode = result.verdict === "passed" ? 0 : 1;
}
