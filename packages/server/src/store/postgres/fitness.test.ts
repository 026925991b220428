import { describe, expect, test } from "bun:test";
import { demandFitness, type Facts } from "./fitness.ts";

const fit: Facts = {
  version: 140_000,
  versionText: "14.0",
  encoding: "UTF8",
  isStandby: false,
  fsync: "on",
  system: "7",
  database: "5",
};

describe("a database that Parley cannot be in is refused with a sentence", () => {
  test("and PostgreSQL 14 with UTF8 is not", () => {
    demandFitness(fit, "the address");
  });

  const unfit: [string, Partial<Facts>, RegExp][] = [
    [
      "PostgreSQL 13",
      { version: 130_022, versionText: "13.22" },
      /^PostgreSQL 13\.22 is too old: Parley needs version 14 or newer/,
    ],
    [
      "another encoding",
      { encoding: "LATIN1" },
      /LATIN1, and Parley needs UTF8/,
    ],
    ["a standby", { isStandby: true }, /standby.*Check the address/],
  ];
  for (const [what, facts, sentence] of unfit) {
    test(what, () => {
      expect(() => {
        demandFitness({ ...fit, ...facts }, "the address");
      }).toThrow(sentence);
    });
  }
});
