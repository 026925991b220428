import type { Fault } from "../../history/record.ts";

/** Which faults are on, and since when none is: liveness is promised then. */
export class Trouble {
  readonly kinds = new Map<string, number>();
  readonly #on = new Set<string>();
  /** The last moment at which something was wrong. */
  #last = -Infinity;

  fault({ t, kind, target, is }: Fault): void {
    const key = `${kind} ${target}`;
    if (is === "on") {
      this.kinds.set(kind, (this.kinds.get(kind) ?? 0) + 1);
      this.#on.add(key);
    } else this.#on.delete(key);
    this.#last = t;
  }

  /** The last moment up to now at which something was wrong; now, while it is. */
  lastAt(now: number): number {
    return this.#on.size > 0 ? now : this.#last;
  }
}
