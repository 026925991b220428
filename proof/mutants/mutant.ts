/** One change of one file; `find` stands there exactly once. */
export interface Patch {
  file: string;
  find: string;
  replace: string;
}

/** How a mistake is looked for. */
export type How = "simulation" | "power cuts" | "test";

/** A test of the product's own that has to fail, by its file and a piece of its name. */
export interface NamedTest {
  file: string;
  name: string;
}

/** A mistake that somebody could make, and the rules that have to notice it. */
export interface Mutant {
  number: number;
  name: string;
  patches: readonly Patch[];
  /** Any of them will do: which one sees it first depends on the run. */
  caughtBy: readonly string[];
  /** In the simulation, by real processes whose power is cut, or by a test. */
  how: How;
  /** Which one, if it is by a test; what the rules are called stands in its name. */
  test?: NamedTest;
  /** So many runs (or cuts) at most, and so long. */
  budget: { runs: number; seconds: number };
}

export const simulated = {
  how: "simulation",
  budget: { runs: 4_000, seconds: 60 },
} as const;

export const cut = {
  how: "power cuts",
  budget: { runs: 12, seconds: 60 },
} as const;

/** Where runs by chance hardly meet it, or no checker of a history could. */
export function tested(file: string, name: string) {
  return {
    how: "test",
    test: { file, name },
    budget: { runs: 1, seconds: 60 },
  } as const;
}
