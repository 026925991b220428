import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const root = path.join(import.meta.dirname, "../..");

export interface Verdict {
  verdict: "passed" | "violated" | "invalid";
  /** The rules that were violated. */
  rules: string[];
  report: string;
}

/** Has the checker, which runs on Bun, judge what a run has left in its folder. */
export async function verdictOf(
  folder: string,
  options: string[] = [],
): Promise<Verdict> {
  const bun = process.env["BUN_BIN"] ?? "bun";
  const script = "proof/browser-check.ts";
  const { stdout } = await run(bun, [script, folder, "--json", ...options], {
    cwd: root,
    maxBuffer: 64 * 2 ** 20,
  });
  return JSON.parse(stdout) as Verdict;
}
