import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { mutants, notBuilt } from "./mutants.ts";
import { findPlace, PatchedCopy } from "./patched-copy.ts";
import { tryControl, tryMutant } from "./trial.ts";

// A checker that never failed proves nothing: each of these mistakes, put into
// a copy of the product, has to be noticed by the rule that it breaks.

setDefaultTimeout(150_000);

/** Those of each run of the tests; the others are tried by `npm run mutants`. */
const everyTimeMax = 12;

describe("the checker notices", () => {
  const everyTime = mutants.filter(({ number }) => number <= everyTimeMax);

  test("each of the first twelve is there, and of the others is said why not", () => {
    expect(everyTime.map(({ number }) => number)).toEqual(
      Array.from({ length: everyTimeMax }, (_, index) => index + 1),
    );
    const told = [...mutants, ...notBuilt.map(([number]) => ({ number }))];
    expect(new Set(told.map(({ number }) => number)).size).toBe(told.length);
  });

  test.each(everyTime.map((mutant) => [mutant.number, mutant.name, mutant]))(
    "mutant %i: %s",
    async (_number, _name, mutant) => {
      // The shim that cuts the power exists on Linux only.
      if (mutant.how === "power cuts" && process.platform !== "linux") return;
      const { found } = await tryMutant(mutant);
      expect(mutant.caughtBy).toContain(found?.rule ?? "nothing");
    },
  );

  test("nothing in a copy without a mistake", async () => {
    const { found, runs } = await tryControl("simulation", 20);
    expect(found).toBeNull();
    expect(runs).toBe(20);
  });
});

test("a mutant whose place is not there any more is stale, and that fails", () => {
  const file = "packages/client/src/unread.ts";
  const patch = { file, find: "no such line", replace: "" };
  expect(() => new PatchedCopy([patch])).toThrow("stale");
});

test("each mutant still has its place", () => {
  for (const { patches } of mutants)
    for (const patch of patches) findPlace(patch);
});
