import { expect, test } from "bun:test";
import { availableParallelism } from "node:os";
import path from "node:path";
import regressions from "./regressions.json";
import type { Tally } from "./tally.ts";

const script = path.join(import.meta.dir, "../sim.ts");

/** In a process of its own: it takes the clock away from everything else in it. */
async function sim(...given: string[]): Promise<string> {
  const child = Bun.spawn([process.execPath, script, ...given], {
    stdout: "pipe",
    stderr: "inherit",
  });
  return new Response(child.stdout).text();
}

async function tallyOf(...given: string[]): Promise<Tally> {
  return JSON.parse(await sim("--json", ...given)) as Tally;
}

test("[P25] 5,000 runs break nothing, and reach every corner", async () => {
  const cores = String(Math.min(availableParallelism(), 4));
  const given = ["--seed", "1", "--runs", "5000", "--cores", cores];
  const tally = await tallyOf(...given);
  expect(tally.bad).toEqual([]);
  expect(tally.runs).toBe(5_000);
  const { counts, faults } = tally;
  for (const name of [
    ...["acknowledged", "acknowledged again", "reconnects", "pages"],
    ...["deleted", "taken out of rooms", "told gone"],
    ...["resumed live", "resumed by reset", "page crashes", "unknown"],
    ...["runs on several nodes", "runs without faults"],
    ...["refused storage_full", "refused unavailable", "closed 4003"],
  ]) {
    expect([name, (counts[name] ?? 0) > 0]).toEqual([name, true]);
  }
  expect(counts["acknowledged"]).toBeGreaterThan(5_000 * 10);
  expect(Object.keys(faults).length).toBeGreaterThan(18);
}, 600_000);

test("[P25] two runs of one seed are the same in everything", async () => {
  const given = ["--seed", "100", "--runs", "20", "--hash"];
  const [one, other] = await Promise.all([sim(...given), sim(...given)]);
  const hashes = /^\d+ [0-9a-f]{12,}$/gm;
  expect(one.match(hashes)).toHaveLength(20);
  expect(other.match(hashes)).toEqual(one.match(hashes));
  // Nor does it matter what ran before it in the same process.
  const alone = await sim("--seed", "119", "--hash");
  expect(alone.match(hashes)?.[0]).toBe(one.match(hashes)?.at(-1) ?? "");
}, 120_000);

/**
 * A seed is the same run only as long as nobody's habits change. When they do,
 * those in regressions.json say nothing any more and make room for new ones.
 */
interface Regression {
  seed: number;
  /** What it found, in words. */
  found: string;
}

for (const { seed, found } of regressions as Regression[]) {
  test(`[P25] seed ${seed} stays sound: ${found}`, async () => {
    const { bad } = await tallyOf("--seed", String(seed));
    expect(bad).toEqual([]);
  }, 60_000);
}
