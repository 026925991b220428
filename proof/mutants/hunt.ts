// Stands first: what the machine is made of is replaced before anything else
// is loaded.
import { real, restart } from "../sim/virtual-machine.ts";
import { SimDatabase } from "../sim/database.ts";
import { run } from "../sim/run.ts";
import type { Hunt } from "./trial.ts";

// One process of a trial, in the copy that has the mistake: simulates seed
// after seed until one of the rules is broken, and prints what it found.

const { rules, runs, seconds } = JSON.parse(process.argv[2] ?? "{}") as {
  /** Empty: any rule. */
  rules: string[];
  runs: number;
  seconds: number;
};

restart(0);
const database = await SimDatabase.open();
const start = real.nowMs();
const elapsed = (): number => (real.nowMs() - start) / 1_000;
const hunt: Hunt = { runs: 0, seconds: 0, found: null, others: {} };
while (hunt.runs < runs && elapsed() < seconds && hunt.found === null) {
  hunt.runs += 1;
  const seed = hunt.runs;
  const { check } = run(seed, database);
  for (const { rule, words } of check.violations) {
    if (rules.length === 0 || rules.includes(rule)) {
      hunt.found ??= { where: `seed ${seed}`, rule, words };
    } else hunt.others[rule] = (hunt.others[rule] ?? 0) + 1;
  }
  await real.turn();
}
hunt.seconds = elapsed();
console.log(JSON.stringify(hunt));
process.exit(0);
