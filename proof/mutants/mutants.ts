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
      14,
      "seq taken outside the transaction",
      "a commit is one step in the simulation; PostgreSQL's own tests have it",
    ],
    [
      15,
      "two nodes cache the same block of numbers",
      "numbers are not given out in blocks",
    ],
    [
      18,
      "epoch ignored after a restore",
      "the simulation does not put an older database in place yet",
    ],
    [
      19,
      "a retry with a new cid",
      "the outbox is a line shared by tabs: no single place makes the cid",
    ],
    [
      20,
      "wall clock for the end of typing and presence",
      "the checker has no rule for typing yet (S-4)",
    ],
    [
      23,
      "a removal that is not told to other nodes",
      "number 10 is the same on the node itself; with shared feeds there is no word of its own",
    ],
    [22, "a deletion removes the event's row", "nothing can be deleted yet"],
    [
      24,
      "a file's row committed before the file is synced",
      "there are no files yet",
    ],
  ];
