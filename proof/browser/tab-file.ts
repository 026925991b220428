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
  const records = inOrder(readLines<Seen | Done>(file));
  return { tab, person: personIn(records), records };
}

/**
 * Every record once and where it belongs: a page that was left and woken tells
 * all of its own again, those that were lost at its leaving among them.
 *
 * @throws Error when one is missing for good: rows are told by what changed.
 */
export function inOrder(told: readonly (Seen | Done)[]): (Seen | Done)[] {
  const lives = new Map<string, Life>();
  for (const record of told) {
    if (record.k === "done") continue;
    const life = lives.get(record.life) ?? { records: [], given: 0 };
    lives.set(record.life, life);
    life.records[record.n] = record;
  }
  return told.flatMap((record) => {
    const life = record.k === "done" ? undefined : lives.get(record.life);
    if (record.k === "done" || life === undefined) return [record];
    const { records, given } = life;
    const next = records.slice(given, record.n + 1);
    life.given = Math.max(given, record.n + 1);
    if (Object.keys(next).length < next.length) {
      throw new Error("What a page told was lost on its way; run it again.");
    }
    return next;
  });
}

/** What one document told, by its count, and how much of it has its place. */
interface Life {
  records: Seen[];
  given: number;
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
