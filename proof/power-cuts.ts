import { parseArgs } from "node:util";
import { cutsInARow } from "./power-cuts/cuts-in-a-row.ts";
import { losesAtNormal } from "./power-cuts/control.ts";
import { invalidBecause, printReport } from "./power-cuts/report.ts";

// bun proof/power-cuts.ts [--cuts 200] [--seed N] [--torn]: cuts the power of a
// real server under load, again and again, and compares its database with what
// was acknowledged. With --control the same with a server that syncs too
// little: there something has to be lost, or the cuts would prove nothing.

const { values } = parseArgs({
  options: {
    cuts: { type: "string", default: "200" },
    seed: { type: "string" },
    torn: { type: "boolean", default: false },
    control: { type: "boolean", default: false },
    // Ends at the first damage.
    "until-lost": { type: "boolean", default: false },
    json: { type: "boolean", default: false },
  },
});
const cuts = Number(values.cuts);
const seed = Number(values.seed ?? Math.floor(Math.random() * 1e9));
const isTorn = values.torn;

if (values.control) {
  const report = await losesAtNormal({ cuts, seed, isTorn });
  printReport(report);
  const hasLost = report.lost > 0;
  console.log(
    hasLost
      ? "\nLost something, as it must with synchronous=NORMAL."
      : "\nNothing was lost with synchronous=NORMAL: these cuts prove nothing.",
  );
  process.exit(hasLost ? 0 : 1);
}

const report = await cutsInARow({
  ...{ cuts, seed, isTorn, untilLost: values["until-lost"] },
  onCut: ({ cuts: done, acknowledged, violations }) => {
    if (done % 20 !== 0) return;
    console.error(
      `${done} cuts, ${acknowledged} acknowledged, ${violations.length} violations`,
    );
  },
});
if (values.json) {
  console.log(JSON.stringify(report));
} else {
  console.log(`seed ${seed}${isTorn ? ", torn" : ""}`);
  printReport(report);
}
const invalid = invalidBecause(report);
if (invalid !== null) console.error(`invalid run: ${invalid}`);
process.exit(report.violations.length > 0 || invalid !== null ? 1 : 0);
