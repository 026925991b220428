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

const loadOptions = [
  ...["--path", "/"],
  ...["--post", '{"id":{id},"room":"{room}","cid":"{cid}","text":"{body}"}'],
  ...["--answer", '"type":"ok","id":', "--refusal", '"type":"error"'],
  ...["--settle", "0.1", "--warm", "0", "--seconds", "0.5", "--drain", "0.3"],
];

async function loadOn(fault: Fault): Promise<LoadReport> {
  await using server = startFaulty(fault);
  return await runLoad([
    ...[...loadOptions, "--port", String(server.port), "--room", ""],
    ...["--connections", "5", "--publishers", "3", "--rate", "400"],
  ]);
}

/** Three rooms, and one server under two numbers: all rooms are on both. */
async function loadOnRooms(fault: Fault) {
  await using server = startFaulty(fault);
  const port = String(server.port);
  const report = await runLoad([
    ...[...loadOptions, "--port", port, "--port", port],
    ...["--room", "a", "--room", "b", "--room", "c"],
    ...["--connections", "12", "--publishers", "6", "--rate", "400"],
    ...["--hello", '{"hello":"{room}"}'],
  ]);
  return { report, greeted: server.greeted };
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

  test("deals connections out to rooms on all servers, and expects of each its own room alone", async () => {
    const { report, greeted } = await loadOnRooms("none");
    expect(faults(report.oracle)).toEqual([]);
    expect(report.void).toBe(false);
    expect(greeted).toEqual({ a: 4, b: 4, c: 4 });
    expect(report.oracle.checked).toBe(report.oracle.sent * 4);
    // Half of each room is on the other server.
    const { received, crossed } = report.traffic ?? {};
    expect(crossed?.count).toBeGreaterThan(100);
    expect(crossed?.count).toBe((received?.count ?? 0) / 2);
  });

  test("expects nothing of those who do not listen, and counts what is acknowledged", async () => {
    await using server = startFaulty("none");
    const report = await runLoad([
      ...[...loadOptions, "--port", String(server.port), "--room", "a"],
      ...["--connections", "5", "--publishers", "3", "--listeners", "2"],
      ...["--window", "2", "--pace", "answer"],
      ...["--hello", '{"hello":"{room}"}', "--deaf-hello", '{"hello":null}'],
    ]);
    expect(faults(report.oracle)).toEqual([]);
    expect(report.oracle.checked).toBe(report.oracle.sent * 2);
    expect(report.traffic?.answers).toBeGreaterThan(100);
    expect(report.traffic?.crossed).toBeNull();
  });

  test("makes a run void in which somebody is given a message of another room", async () => {
    const { report } = await loadOnRooms("stray");
    expect(faults(report.oracle)).toEqual(["1 stray"]);
    expect(report.void).toBe(true);
  });
});
