import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Done, RunFiles, Seen, SeenRows } from "./seen.ts";

/** What is done to one row of a screen. */
export type Harm = "doubled" | "dropped" | "inverted";

/** A copy of a run in which one tab saw a row wrongly once. Returns its folder. */
export function doctor(folder: string, copy: string, harm: Harm): string {
  const run = JSON.parse(
    readFileSync(path.join(folder, "run.json"), "utf8"),
  ) as RunFiles;
  const [first] = run.tabs;
  if (first === undefined) throw new Error("A run without tabs");
  const file = `${copy}.ndjson`;
  const records = readFileSync(first.file, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Seen | Done);
  const at = records.findLastIndex((record) => isLong(record));
  const harmed = records[at] as SeenRows;
  const rows = [...harmed.rows];
  if (harm === "doubled") rows.splice(1, 0, rows[0]!);
  else if (harm === "dropped") rows.splice(1, 1);
  else rows.splice(0, 2, rows[1]!, rows[0]!);
  // What comes after it counts from the end, and stands where it stood.
  records[at] = { ...harmed, rows };
  writeFileSync(
    file,
    records.map((one) => `${JSON.stringify(one)}\n`).join(""),
  );
  mkdirSync(copy);
  const tabs = [{ ...first, file }, ...run.tabs.slice(1)];
  const changed: RunFiles = { ...run, tabs };
  writeFileSync(path.join(copy, "run.json"), JSON.stringify(changed));
  return copy;
}

/** Three rows at least that were there at once, so that one can be missing. */
function isLong(record: Seen | Done): record is SeenRows {
  return (
    record.k === "rows" &&
    record.rows.length >= 3 &&
    record.rows.every((row) => row !== "hole" && row[0] !== null)
  );
}
