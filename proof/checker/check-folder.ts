import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { readHistory } from "../history/read-history.ts";
import { parsedLog, readLog } from "../history/read-log.ts";
import { checkHistory, type CheckResult } from "./check-history.ts";
import type { CheckOptions } from "./options.ts";
import { reportOf } from "./report.ts";

/** The final log, where a run has written it itself. */
export const finalLogFile = "final-log.json";

/**
 * Judges what a run left in a folder: all its *.ndjson, and the final log from
 * `database` (a file or an address), or else from the folder's final-log.json.
 */
export async function checkFolder(
  folder: string,
  { database, ...options }: CheckOptions & { database?: string } = {},
): Promise<CheckResult & { report: string }> {
  const files = readdirSync(folder)
    .filter((name) => name.endsWith(".ndjson"))
    .toSorted()
    .map((name) => path.join(folder, name));
  const written = path.join(folder, finalLogFile);
  if (database === undefined && !existsSync(written)) {
    throw new Error(
      `${folder} has no ${finalLogFile}, and no database is named`,
    );
  }
  const log =
    database === undefined
      ? parsedLog(readFileSync(written, "utf8"))
      : await readLog(database);
  const result = checkHistory({ records: readHistory(files), log, options });
  return { ...result, report: reportOf(result, readHistory(files)) };
}
