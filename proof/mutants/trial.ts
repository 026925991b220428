import path from "node:path";
import { failedBy } from "./failed-test.ts";
import { cut, simulated, type Mutant } from "./mutant.ts";
import { PatchedCopy } from "./patched-copy.ts";

/** What the runs on one copy came to. */
export interface Hunt {
  runs: number;
  seconds: number;
  found: { where: string; rule: string; words: string } | null;
  /** Violations of rules that were not asked for, by rule. */
  others: Record<string, number>;
}

/** Long enough for a process to start on a busy machine. */
const graceMs = 30_000;

/** Lets the rules look for a mistake, in a copy that has it. */
export async function tryMutant({
  patches,
  caughtBy: rules,
  how,
  test,
  budget,
}: Omit<Mutant, "number" | "name">): Promise<Hunt> {
  using copy = new PatchedCopy(patches);
  if (test !== undefined) {
    return await failedBy(copy, test, { rules, budget });
  }
  const script = how === "simulation" ? "hunt.ts" : "cut-power.ts";
  const asked = JSON.stringify({ rules, ...budget });
  const child = Bun.spawn(
    [process.execPath, path.join(copy.folder, "proof/mutants", script), asked],
    {
      ...{ cwd: copy.folder, stdout: "pipe", stderr: "pipe" },
      timeout: budget.seconds * 1_000 + graceMs,
      killSignal: "SIGKILL",
    },
  );
  const [output, errors] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  const line = output.trimEnd().split("\n").at(-1) ?? "";
  if (!line.startsWith("{")) {
    throw new Error(
      `The trial ended without a result: ${errors.slice(-2_000)}`,
    );
  }
  return JSON.parse(line) as Hunt;
}

/** A copy without a mistake, in which nothing may be found. */
export function tryControl(
  how: "simulation" | "power cuts",
  runs: number,
): Promise<Hunt> {
  const { budget } = how === "simulation" ? simulated : cut;
  return tryMutant({
    ...{ patches: [], caughtBy: [], how },
    budget: { ...budget, runs },
  });
}

/** The tests that mutants have to fail, in a copy without a mistake: they pass. */
export async function tryTests(mutants: readonly Mutant[]): Promise<Hunt> {
  const hunt: Hunt = { runs: 0, seconds: 0, found: null, others: {} };
  for (const { test, budget } of mutants) {
    if (test === undefined) continue;
    const one = {
      patches: [],
      caughtBy: [],
      how: "test",
      test,
      budget,
    } as const;
    const { runs, seconds, found, others } = await tryMutant(one);
    Object.assign(hunt.others, others);
    hunt.runs += runs;
    hunt.seconds += seconds;
    hunt.found ??= found;
  }
  return hunt;
}
