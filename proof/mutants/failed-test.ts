import path from "node:path";
import type { Mutant, NamedTest } from "./mutant.ts";
import type { PatchedCopy } from "./patched-copy.ts";
import type { Hunt } from "./trial.ts";

/**
 * Runs a test of the product in the copy. It notices the mistake when a test
 * fails that has one of the rules in its name. A run in which no test fails and
 * none passes tried nothing, and is an error.
 */
export async function failedBy(
  { folder }: PatchedCopy,
  { file, name }: NamedTest,
  { rules, budget }: { rules: readonly string[]; budget: Mutant["budget"] },
): Promise<Hunt> {
  const start = performance.now();
  const child = Bun.spawn([process.execPath, "test", file, "-t", name], {
    ...{ cwd: folder, stdout: "pipe", stderr: "pipe" },
    env: { ...process.env, NO_COLOR: "1" },
    timeout: budget.seconds * 1_000,
    killSignal: "SIGKILL",
  });
  const [output, errors] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  const ended = [
    ...errors.matchAll(/^\((pass|fail)\) (.*?)(?: \[[\d.]+ms\])?$/gm),
  ];
  if (ended.length === 0) {
    throw new Error(
      `${path.join(folder, file)} ran no test: ${output}${errors.slice(-2_000)}`,
    );
  }
  const hunt: Hunt = {
    ...{ runs: 1, seconds: (performance.now() - start) / 1_000 },
    ...{ found: null, others: {} },
  };
  for (const [, outcome, test = ""] of ended) {
    if (outcome === "pass") continue;
    const numbers = [...test.matchAll(/\[([A-Z]+-?\d+)\]/g)].map(
      ([, number = ""]) => number,
    );
    const rule =
      rules.length === 0
        ? numbers[0]
        : numbers.find((one) => rules.includes(one));
    if (rule === undefined) hunt.others[test] = 1;
    else hunt.found ??= { where: path.basename(file), rule, words: test };
  }
  return hunt;
}
