/** Something that must never be, as the history and the log show it. */
export interface Violation {
  /** The number of the invariant, such as "D-1". */
  rule: string;
  /** When it could be seen for the first time. */
  t: number;
  words: string;
  stream?: string | undefined;
  cid?: string | undefined;
  /** The device. */
  c?: string | undefined;
}

/** A run that is broken all over tells the same a million times. */
const keptMax = 1_000;

/** Gathers what the rules find. */
export class Findings {
  readonly violations: Violation[] = [];
  /** How often each rule was violated; not all of them are kept. */
  readonly counts = new Map<string, number>();

  add(violation: Violation): void {
    const { rule } = violation;
    this.counts.set(rule, (this.counts.get(rule) ?? 0) + 1);
    if (this.violations.length < keptMax) this.violations.push(violation);
  }
}
