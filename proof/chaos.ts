// bun proof/chaos.ts [--minutes 1] [--nodes 3] [--seed N] [--every 5]
//   [--faults "server,client cut"] [--rate 1500] [--round 40] [--json FILE]
// Real servers, the shipped client, and a world that breaks; then every screen
// and every acknowledgement is compared with the log. Exits with 0 when all is
// well, 1 when a promise was broken, 2 when too little happened to say.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { allFaults } from "./chaos/faults/all-faults.ts";
import { judge } from "./chaos/judge.ts";
import { figuresOf, reportOf } from "./chaos/report.ts";
import { runChaos } from "./chaos/run.ts";

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "1" },
    nodes: { type: "string", default: "1" },
    seed: { type: "string" },
    every: { type: "string", default: "5" },
    /** Beginnings of the kinds' names. */
    faults: { type: "string" },
    rate: { type: "string", default: "1500" },
    round: { type: "string", default: "40" },
    json: { type: "string" },
    /** Leaves what everybody wrote down where it is. */
    keep: { type: "boolean", default: false },
  },
});
const nodes = Number(values.nodes);
const on = nodes === 1 ? "alone" : "several";
const beginnings = values.faults?.split(",");
const faults = allFaults.filter(
  (kind) =>
    (kind.on === "both" || kind.on === on) &&
    (beginnings?.some((beginning) => kind.name.startsWith(beginning)) ?? true),
);
const folder = mkdtempSync(path.join(tmpdir(), "parley-chaos-"));
const seed = Number(values.seed ?? Math.floor(Math.random() * 1e9));
console.error(`seed ${seed}, in ${folder}`);
const verdict = await runChaos(
  {
    ...{ folder, seed, nodes, faults, isDurable: true },
    ms: Number(values.minutes) * 60_000,
    everyMs: Number(values.every) * 1_000,
    roundMs: Number(values.round) * 1_000,
    longestMs: 20_000,
    size: { people: 18, roomsPerPerson: 8, membersPerRoom: 4, restless: 2 },
    processes: 2,
    rate: Number(values.rate),
    tell: (line) => {
      console.error(line);
    },
  },
  async (outcome) => {
    const judged = await judge(outcome);
    console.log(reportOf(outcome, judged));
    if (values.json !== undefined) {
      const { verdict, violations, reasons } = judged;
      const figures = figuresOf(outcome, judged);
      const json = { ...figures, verdict, violations, reasons };
      writeFileSync(values.json, JSON.stringify(json, null, 2));
    }
    return judged.verdict;
  },
);
if (verdict === "violated" || values.keep) {
  console.error(`What everybody wrote down stays in ${folder}`);
} else rmSync(folder, { recursive: true });
process.exitCode = { passed: 0, violated: 1, invalid: 2 }[verdict];
