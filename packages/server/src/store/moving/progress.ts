import { MoveStoppedError } from "./move-error.ts";
import type { TableName } from "./tables.ts";

/** How far a step has come in one table. */
export interface Advance {
  step: "copying" | "comparing";
  table: TableName;
  /** Rows. */
  done: number;
  total: number;
}

/** Told after each page, which is also where a move can be stopped. */
export class Progress {
  readonly #tell: (advance: Advance) => void;
  readonly #signal: AbortSignal | undefined;

  constructor(tell: (advance: Advance) => void, signal?: AbortSignal) {
    this.#tell = tell;
    this.#signal = signal;
  }

  /** Throws MoveStoppedError when the operator wants it to end. */
  report(advance: Advance): void {
    this.#tell(advance);
    if (this.#signal?.aborted) throw new MoveStoppedError();
  }
}
