import { clientMutants } from "./client-mutants.ts";
import type { Mutant } from "./mutant.ts";
import { resumeMutants } from "./resume-mutants.ts";
import { storeMutants } from "./store-mutants.ts";

/** All that are built, by number. The first twelve are tried in every run of the tests. */
export const mutants: readonly Mutant[] = [
  ...storeMutants,
  ...resumeMutants,
  ...clientMutants,
].toSorted((one, other) => one.number - other.number);

/** Those that have no place in the product as it is built, and why. */
export const notBuilt: readonly [number: number, name: string, why: string][] =
  [
    [
      15,
      "two nodes cache the same block of numbers",
      "numbers are not given out in blocks, and a second use of one is refused by the key of the events",
    ],
    [
      24,
      "a file's row committed before the file is synced",
      "there are no files yet",
    ],
  ];
