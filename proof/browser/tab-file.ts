import { readFileSync } from "node:fs";
import type { Done, Seen } from "../../e2e/screens/seen.ts";

/** Everything that was written down about one tab, in order. */
export interface TabFile {
  tab: string;
  /** As the server calls them. */
  person: string;
  records: readonly (Seen | Done)[];
}

export function readTabFile(tab: string, file: string): TabFile {
  const records = readLines<Seen | Done>(file);
  return { tab, person: personIn(records), records };
}

/** A file of one JSON object per line. */
export function readLines<Line>(file: string): Line[] {
  return readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Line);
}

/** Whom the server welcomed. */
function personIn(records: readonly (Seen | Done)[]): string {
  for (const record of records) {
    if (record.k !== "socket" || record.is !== "in") continue;
    if (!record.text?.includes('"welcome"')) continue;
    const objects = [JSON.parse(record.text) as object].flat() as {
      type?: string;
      me?: string;
    }[];
    const me = objects.find(({ type }) => type === "welcome")?.me;
    if (me !== undefined) return me;
  }
  throw new Error("A tab was never welcomed.");
}
