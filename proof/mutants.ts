import { parseArgs } from "node:util";
import { mutants, notBuilt } from "./mutants/mutants.ts";
import { tryControl, tryMutant } from "./mutants/trial.ts";

// bun proof/mutants.ts [--only N]: puts each mistake of the list into a copy of
// the product and prints which rule noticed it, after how many runs and seconds.

const { values } = parseArgs({ options: { only: { type: "string" } } });
const only = values.only === undefined ? undefined : Number(values.only);

let survivors = 0;

function row(...cells: (string | number)[]): void {
  const [number, name, by, runs, seconds, where] = cells.map(String);
  console.log(
    [
      (number ?? "").padStart(3),
      (name ?? "").slice(0, 64).padEnd(64),
      (by ?? "").padEnd(9),
      (runs ?? "").padStart(5),
      (seconds ?? "").padStart(7),
      where ?? "",
    ].join("  "),
  );
}

row("#", "mistake", "caught by", "runs", "seconds", "where");
if (only === undefined) {
  for (const [how, runs] of [
    ["simulation", 60],
    ["power cuts", 4],
  ] as const) {
    const { found, runs: done, seconds } = await tryControl(how, runs);
    if (found !== null) survivors += 1;
    const by = found === null ? "nothing" : `${found.rule} (!)`;
    row("–", `none (${how})`, by, done, seconds.toFixed(1), found?.where ?? "");
  }
}
for (const mutant of mutants) {
  if (only !== undefined && mutant.number !== only) continue;
  const { found, runs, seconds, others } = await tryMutant(mutant);
  if (found === null) survivors += 1;
  const by = found?.rule ?? "SURVIVED";
  const where = found?.where ?? JSON.stringify(others);
  row(mutant.number, mutant.name, by, runs, seconds.toFixed(1), where);
}
if (only === undefined) {
  console.log("\nNot built:");
  for (const [number, name, why] of notBuilt) {
    console.log(`${String(number).padStart(3)}  ${name}: ${why}`);
  }
}
process.exitCode = survivors === 0 ? 0 : 1;
