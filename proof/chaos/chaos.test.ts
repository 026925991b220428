import { afterAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { allFaults } from "./faults/all-faults.ts";
import { judge } from "./judge.ts";
import { reportOf } from "./report.ts";
import { runChaos, type RunOptions } from "./run.ts";

const folder = mkdtempSync(path.join(tmpdir(), "parley-chaos-test-"));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** What a machine full of other tests may need for what takes 5 s at most. */
const patience = { equalMs: 30_000, answerMs: 30_000, unknownMax: 0.5 };

/** Everything once, quickly: the long runs are `bun proof/chaos.ts`. */
async function shortRun(
  nodes: number,
  options: Partial<RunOptions> = {},
): Promise<string> {
  const on = nodes === 1 ? "alone" : "several";
  const place = path.join(folder, String(nodes));
  await Bun.write(path.join(place, "begun"), "");
  return await runChaos(
    {
      ...{ folder: place, seed: 7, nodes, rate: 300, processes: 2 },
      ...{ ms: 14_000, everyMs: 600, roundMs: 14_000, longestMs: 1_500 },
      faults: allFaults.filter((kind) => kind.on === "both" || kind.on === on),
      size: { people: 6, roomsPerPerson: 4, membersPerRoom: 3, restless: 1 },
      isDurable: false,
      tell: () => undefined,
      ...options,
    },
    async (outcome) => {
      const judged = await judge(outcome, patience);
      const { verdict } = judged;
      if (verdict !== "passed") console.error(reportOf(outcome, judged));
      return verdict;
    },
  );
}

test("[P1] [P2] [P5] [P6] [P8] [P9] one server and its clients are struck by everything, and nothing is lost or doubled", async () => {
  expect(await shortRun(1)).toBe("passed");
}, 120_000);

test("[P5] [P6] [P8] [P9] [P16] [P17] two nodes, PostgreSQL and NATS are struck by everything, and nothing is lost or doubled", async () => {
  expect(await shortRun(2)).toBe("passed");
}, 180_000);
