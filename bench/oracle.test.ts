import { beforeAll, describe, expect, test } from "bun:test";
import { buildLoad, faults, runLoad, type LoadReport } from "./load.ts";
import { startFaulty, type Fault } from "./peers/faulty.ts";

const hasCompiler = Bun.which("cc") !== null && process.platform === "linux";
if (!hasCompiler) {
  console.warn("The oracle is not tested: that needs Linux and cc (gcc).");
}

const buildMsMax = 60_000;
beforeAll(async () => {
  if (hasCompiler) await buildLoad();
}, buildMsMax);

async function loadOn(fault: Fault): Promise<LoadReport> {
  await using server = startFaulty(fault);
  return await runLoad([
    ...["--port", String(server.port), "--path", "/"],
    ...["--connections", "5", "--publishers", "3", "--rate", "400"],
    ...["--post", '{"id":{id},"cid":"{cid}","text":"{body}"}'],
    ...["--answer", '"type":"ok","id":', "--refusal", '"type":"error"'],
    ...["--settle", "0.1", "--warm", "0", "--seconds", "0.5", "--drain", "0.3"],
  ]);
}

// Mostly waiting for messages that must not come, so all at once.
const suite = describe.skipIf(!hasCompiler).concurrent;

suite("the oracle of the load generator", () => {
  test("finds nothing where nothing is wrong", async () => {
    const report = await loadOn("none");
    expect(faults(report.oracle)).toEqual([]);
    expect(report.void).toBe(false);
    expect(report.oracle.checked).toBe(report.oracle.sent * 5);
    expect(report.traffic?.received?.count).toBeGreaterThan(500);
    expect(report.traffic?.answered?.count).toBeGreaterThan(100);
  });

  const findings: [Fault, RegExp][] = [
    ["drop", /^1 lost$/],
    ["fall-silent", /^\d+ lost$/],
    ["double", /^1 doubled$/],
    ["swap", /^1 misordered$/],
    ["swap-senders", /^1 misordered$/],
    ["cut", /^1 damaged$/],
    ["close", /^\d+ lost, \d+ unanswered, 1 closed$|^\d+ lost, 1 closed$/],
    ["leave-unanswered", /^1 unanswered$/],
    ["refuse", /^5 lost, 1 refused, 1 unanswered$/],
  ];
  for (const [fault, finding] of findings) {
    test(`makes a run void in which one receiver meets: ${fault}`, async () => {
      const report = await loadOn(fault);
      expect(faults(report.oracle).join(", ")).toMatch(finding);
      expect(report.void).toBe(true);
    });
  }
});
