import type { Fault } from "../../history/record.ts";
import { defaults, type CheckOptions } from "../options.ts";

/**
 * By then every node has to know what was acknowledged at a moment, such as
 * that a session ended.
 */
export function toldBy(
  trouble: Trouble,
  options: CheckOptions,
  at: number,
  now: number,
): number {
  const { revokedMs, revokedLateMs } = { ...defaults, ...options };
  const troubleAt = trouble.lastAt(now);
  if (troubleAt <= at) return at + revokedMs;
  // The word of it may be lost: then the nodes find it when they compare.
  return Math.max(troubleAt + revokedMs, at + revokedLateMs);
}

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
