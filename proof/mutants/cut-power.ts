import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { crashCycles } from "../../packages/server/src/testing/crash-cycles.ts";
import { preparePowerCut } from "../../packages/server/src/testing/power-cut.ts";
import type { Hunt } from "./trial.ts";

// The same with real processes: the copy's server loses its power again and
// again, three times in a row on one folder.

const cutsInARow = 3;
const clients = 20;

const { rules, runs, seconds } = JSON.parse(process.argv[2] ?? "{}") as {
  rules: string[];
  runs: number;
  seconds: number;
};

const folder = mkdtempSync(path.join(tmpdir(), "parley-cuts-"));
const start = performance.now();
const elapsed = (): number => (performance.now() - start) / 1_000;
const hunt: Hunt = { runs: 0, seconds: 0, found: null, others: {} };
try {
  const environment = preparePowerCut(folder);
  while (hunt.runs < runs && elapsed() < seconds && hunt.found === null) {
    // The loss may be of the people themselves: then nobody is left to tell.
    const violations = await crashCycles({
      folder: path.join(folder, `after-${hunt.runs}`),
      clients,
      // They come in before the first cut: not every loss must be of that kind.
      environments: [
        {},
        ...Array.from({ length: cutsInARow }, () => environment),
      ],
    }).then(
      ({ violations }) => violations,
      (error: unknown) => [`ended early: ${String(error)}`],
    );
    hunt.runs += cutsInARow;
    for (const words of violations) {
      const rule = /^\[(\S+)\]/.exec(words)?.[1];
      // On a busy machine a life may be too short for an acknowledgement.
      if (rule === undefined) hunt.others[words] = 1;
      else if (rules.length === 0 || rules.includes(rule)) {
        hunt.found ??= { where: `cut ${hunt.runs}`, rule, words };
      } else hunt.others[rule] = (hunt.others[rule] ?? 0) + 1;
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
hunt.seconds = elapsed();
console.log(JSON.stringify(hunt));
process.exit(0);
