/** One change of one file; `find` stands there exactly once. */
export interface Patch {
  file: string;
  find: string;
  replace: string;
}

/** A mistake that somebody could make, and the rules that have to notice it. */
export interface Mutant {
  number: number;
  name: string;
  patches: readonly Patch[];
  /** Any of them will do: which one sees it first depends on the run. */
  caughtBy: readonly string[];
  /** In the simulation, or by real processes whose power is cut. */
  how: "simulation" | "power cuts";
  /** So many runs (or cuts) at most, and so long. */
  budget: { runs: number; seconds: number };
}

export const simulated = {
  how: "simulation",
  budget: { runs: 400, seconds: 60 },
} as const;

export const cut = {
  how: "power cuts",
  budget: { runs: 12, seconds: 60 },
} as const;
