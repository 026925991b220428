import { ParleyError } from "@parley/protocol";
import { availableParallelism } from "node:os";

/** argon2id as OWASP advises it; 57 to 80 ms of one core, off the sockets' thread. */
const cost = {
  algorithm: "argon2id",
  memoryCost: 19_456,
  timeCost: 2,
} as const;

/**
 * Each takes 19 MiB and a thread. More than there are cores would be done no
 * sooner, and would keep the sockets' thread from its own.
 */
export const atOnceMax = Math.min(4, availableParallelism());

/** Behind those; the last one waits a second or two. */
const waitingMax = 50;

/** To come back when the queue is full: by then most of it is done. */
const comeBackMs = 2_000;

/**
 * The hash of a password that nobody knows, checked where there is none to
 * check: an unknown login costs what a known one does (T35).
 */
export const nobodysSecret =
  "$argon2id$v=19$m=19456,t=2,p=1$80rb6Lt/4C/Si5IIwgwwkYozEjRLmdnR5WAqDQ0XJNg$aUzwhuNSvMHbGSMuQ/6ICTz0PHy8MWVgWKvKJ+SfGD0";

/** Turns passwords into what is stored of them, a few at a time. */
export class Passwords {
  #running = 0;
  readonly #waiting: (() => void)[] = [];
  #begun = 0;

  /** How many hashes were computed since the start. */
  get begun(): number {
    return this.#begun;
  }

  /** How many are being computed, and how many wait for that. */
  get load(): { running: number; waiting: number } {
    return { running: this.#running, waiting: this.#waiting.length };
  }

  /** What is stored of a password. Throws `over_capacity` when too many wait. */
  hash(password: string): Promise<string> {
    return this.#inTurn(() => Bun.password.hash(composed(password), cost));
  }

  /**
   * Whether this is the password. Without a secret it takes as long and says
   * no. Throws `over_capacity` when too many wait.
   */
  async verify(password: string, secret: string | undefined): Promise<boolean> {
    const isRight = await this.#inTurn(() =>
      Bun.password.verify(composed(password), secret ?? nobodysSecret),
    );
    return isRight && secret !== undefined;
  }

  async #inTurn<Value>(work: () => Promise<Value>): Promise<Value> {
    if (this.#running >= atOnceMax) {
      if (this.#waiting.length >= waitingMax) {
        throw new ParleyError("over_capacity", { retryAfterMs: comeBackMs });
      }
      // Whoever ends hands their place over, so that nobody new gets it first.
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    } else {
      this.#running += 1;
    }
    this.#begun += 1;
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#running -= 1;
      else next();
    }
  }
}

/** The same password, whichever keyboard composed its letters (RFC 8265). */
function composed(password: string): string {
  return password.normalize("NFC");
}
