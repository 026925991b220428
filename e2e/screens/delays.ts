import { readFileSync } from "node:fs";
import type { Seen } from "./seen.ts";

/**
 * How long it took from each Enter of the one page until its "after …" stood on
 * the other, in ms, by the pages' own clocks, by what was written.
 */
export function delaysOf(writer: string, reader: string): Map<string, number> {
  const written = new Map<string, number>();
  for (const record of recordsIn(writer)) {
    if (record.k !== "enter" || !record.text.startsWith("after ")) continue;
    written.set(record.text, record.t);
  }
  const delays = new Map<string, number>();
  for (const record of recordsIn(reader)) {
    if (record.k !== "rows") continue;
    for (const row of record.rows) {
      const begun = row === "hole" ? undefined : written.get(row[3]);
      if (begun === undefined) continue;
      delays.set(row[3], record.t - begun);
      written.delete(row[3]);
    }
  }
  return delays;
}

function recordsIn(file: string): Seen[] {
  return readFileSync(file, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Seen);
}
