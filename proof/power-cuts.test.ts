import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { cutsInARow } from "./power-cuts/cuts-in-a-row.ts";

// A short piece of `npm run power-cuts`: the shim exists on Linux only.

setDefaultTimeout(60_000);

describe.skipIf(process.platform !== "linux")("power cuts in a row", () => {
  test("[P2] [D-1] [D-3] [D-5] [D-6] three on one folder lose nothing that was acknowledged or shown", async () => {
    const report = await cutsInARow({ cuts: 3, seed: 1, isTorn: false });
    expect(report.violations).toEqual([]);
    expect(report).toMatchObject({ cuts: 3, lost: 0, badDatabases: 0 });
    expect(report.acknowledged).toBeGreaterThan(100);
    expect(report.unanswered).toBeGreaterThan(0);
  });

  test("[P2] two that tear what is being written lose nothing either", async () => {
    const report = await cutsInARow({ cuts: 2, seed: 2, isTorn: true });
    expect(report.violations).toEqual([]);
    expect(report).toMatchObject({ cuts: 2, lost: 0, badDatabases: 0 });
    // They fell into a commit, or nothing could have been torn.
    expect(report.tornCuts).toBe(2);
  });
});
