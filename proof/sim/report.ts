import type { RunResult } from "./run.ts";
import { traceHash } from "./run.ts";
import type { Tally } from "./tally.ts";

/** What the runs came to, for people. */
export function report(
  tally: Tally,
  { seconds, cores }: { seconds: number; cores: number },
): void {
  const { runs, virtualMs, steps, counts, faults, bad } = tally;
  const perSecond = runs / seconds / cores;
  console.log(
    `${runs} runs in ${seconds.toFixed(1)} s: ${perSecond.toFixed(1)} runs/s per core, ${(tally.cpuMs / Math.max(1, runs)).toFixed(1)} ms of CPU each, ${(virtualMs / 3_600_000).toFixed(1)} virtual hours, ${steps} steps`,
  );
  console.log(`\nwhat happened, and how often in a run on average`);
  table(counts, runs);
  console.log(`\nfaults`);
  table(faults, runs);
  const share = (tally.equalWithinSecond / Math.max(1, runs)) * 100;
  console.log(
    `\nall screens equal after the last fault: within 1 s in ${share.toFixed(1)} % of the runs, slowest ${Math.round(tally.slowestEqualMs)} ms`,
  );
  const byRule = Map.groupBy(
    bad.flatMap(({ seed, rules }) => rules.map((rule) => ({ seed, rule }))),
    ({ rule }) => rule,
  );
  console.log(`\n${bad.length} runs with violations`);
  for (const [rule, found] of byRule) {
    const seeds = found.slice(0, 12).map(({ seed }) => seed);
    console.log(`  ${rule}: ${found.length} (seeds ${seeds.join(", ")})`);
  }
}

function table(sums: Readonly<Record<string, number>>, runs: number): void {
  for (const [name, count] of Object.entries(sums).sort()) {
    const mean = (count / Math.max(1, runs)).toFixed(2);
    console.log(
      `  ${name.padEnd(34)}${String(count).padStart(10)}${mean.padStart(10)}`,
    );
  }
}

/** All that happened in a run, a line each. */
export function trace(result: RunResult): void {
  const { seed, plan, records, check, thrown } = result;
  const faults = plan.faults.map(({ name }) => name);
  console.log(JSON.stringify({ seed, ...plan, faults }));
  for (const record of records) console.log(JSON.stringify(record));
  for (const violation of check.violations) {
    console.log(JSON.stringify(violation));
  }
  for (const words of thrown) console.log(words);
  console.log(`trace hash ${traceHash(result)}`);
}
