import path from "node:path";
import { mutants } from "../mutants/mutants.ts";
import { PatchedCopy } from "../mutants/patched-copy.ts";
import type { CutsAsked } from "./cuts-in-a-row.ts";
import type { CutsReport } from "./report.ts";

/** The mutant that syncs less than it promises. */
const synchronousNormal = 2;

/** The same cuts on a copy of the product with synchronous=NORMAL, until something is lost. */
export async function losesAtNormal({
  cuts,
  seed,
  isTorn,
}: CutsAsked): Promise<CutsReport> {
  const mutant = mutants.find(({ number }) => number === synchronousNormal);
  using copy = new PatchedCopy(mutant?.patches ?? []);
  const child = Bun.spawn(
    [
      ...[process.execPath, path.join(copy.folder, "proof/power-cuts.ts")],
      ...["--cuts", String(cuts), "--seed", String(seed)],
      ...["--json", "--until-lost", ...(isTorn ? ["--torn"] : [])],
    ],
    { cwd: copy.folder, stdout: "pipe", stderr: "inherit" },
  );
  return JSON.parse(await new Response(child.stdout).text()) as CutsReport;
}
