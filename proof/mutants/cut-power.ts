import { cutsInARow } from "../power-cuts/cuts-in-a-row.ts";
import type { Hunt } from "./trial.ts";

// The same with real processes: the copy's server loses its power again and
// again, and what everybody was told is compared with its database.

const {
  rules,
  runs,
  seconds: secondsMax,
} = JSON.parse(process.argv[2] ?? "{}") as {
  /** Empty: any rule. */
  rules: string[];
  runs: number;
  seconds: number;
};

const { violations, cuts, idleCuts, seconds } = await cutsInARow({
  ...{ cuts: runs, seed: 1, isTorn: false, untilLost: true, secondsMax },
});
// A cut that tried too little is none.
const hunt: Hunt = { runs: cuts - idleCuts, seconds, found: null, others: {} };
for (const words of violations) {
  const rule = /^\[(\S+)\]/.exec(words)?.[1] ?? words;
  if (rules.length === 0 || rules.includes(rule)) {
    hunt.found ??= { where: `cut ${cuts}`, rule, words };
  } else hunt.others[words] = 1;
}
console.log(JSON.stringify(hunt));
process.exit(0);
