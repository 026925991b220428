import { parseArgs } from "node:util";
import { mutants, notBuilt } from "./mutants/mutants.ts";
import { tryControl, tryMutant, tryTests } from "./mutants/trial.ts";

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
  // None of these may find anything where there is no mistake.
  const controls = [
    ["simulation", () => tryControl("simulation", 60)],
    ["power cuts", () => tryControl("power cuts", 6)],
    ["tests", () => tryTests(mutants)],
  ] as const;
  for (const [how, run] of controls) {
    const { found, runs, seconds, others } = await run();
    const isClean = found === null && Object.keys(others).length === 0;
    if (!isClean) survivors += 1;
    const by = isClean ? "nothing" : `${found?.rule ?? "?"} (!)`;
    const where = found?.words ?? Object.keys(others).join();
    row("–", `none (${how})`, by, runs, seconds.toFixed(1), where);
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
