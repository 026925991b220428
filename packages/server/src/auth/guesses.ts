import { ParleyError } from "@parley/protocol";

/** So many may be wrong before the first wait: typing errors cost nobody time. */
const freeMax = 5;

const firstWaitMs = 1_000;

/** Never longer: a lock without end would be a way to keep somebody out. */
const longestWaitMs = 15 * 60_000;

/** Who has not guessed for a day begins anew. */
const forgottenMs = 24 * 3_600_000;

/** Logins that are remembered; the one that was guessed longest ago goes first. */
const rememberedMax = 50_000;

interface Count {
  failures: number;
  /** Monotonic time of the last guess. */
  at: number;
}

/** A guess that is being checked. */
export interface Guess {
  /** It was right: its login begins anew. */
  right: () => void;
  /** It was not: the wait begins now, not when the check began. */
  wrong: (now?: number) => void;
  /** It was not checked after all. */
  undone: () => void;
}

/**
 * How often somebody may guess a password, by what they guess for, whether it
 * exists or not: after five wrong ones a second, then two, and so on to 15
 * minutes (T36). By login, because guesses for one come from many addresses.
 */
export class Guesses {
  readonly #counts = new Map<string, Count>();
  readonly #isOn: boolean;

  /** `limits` off: nobody waits. */
  constructor({ limits }: { limits: boolean }) {
    this.#isOn = limits;
  }

  get size(): number {
    return this.#counts.size;
  }

  /**
   * Counts a guess before it is checked, so that fifty at once are not five.
   * Throws `rate_limited` when it comes too early; that one does not count.
   */
  begin(key: string, now = performance.now()): Guess {
    const { failures, at } = this.#countOf(key, now);
    const waitMs = this.#isOn ? at + waitAfter(failures) - now : 0;
    if (waitMs > 0) {
      throw new ParleyError("rate_limited", {
        retryAfterMs: Math.ceil(waitMs),
      });
    }
    this.#keep(key, { failures: failures + 1, at: now });
    return {
      right: () => {
        this.#counts.delete(key);
      },
      wrong: (then = performance.now()) => {
        const count = this.#counts.get(key);
        if (count !== undefined) count.at = Math.max(count.at, then);
      },
      undone: () => {
        const count = this.#counts.get(key);
        if (count === undefined) return;
        if (count.failures > 1) count.failures -= 1;
        else this.#counts.delete(key);
      },
    };
  }

  #countOf(key: string, now: number): Count {
    const count = this.#counts.get(key);
    if (count !== undefined && now - count.at < forgottenMs) return count;
    return { failures: 0, at: -Infinity };
  }

  #keep(key: string, count: Count): void {
    // The last guessed stands last.
    this.#counts.delete(key);
    this.#counts.set(key, count);
    if (this.#counts.size > rememberedMax) {
      const oldest = this.#counts.keys().next().value;
      if (oldest !== undefined) this.#counts.delete(oldest);
    }
  }
}

function waitAfter(failures: number): number {
  if (failures < freeMax) return 0;
  return Math.min(firstWaitMs * 2 ** (failures - freeMax), longestWaitMs);
}
