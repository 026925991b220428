import { ParleyError } from "@parley/protocol";
import type { Config } from "../config.ts";
import { TokenBuckets } from "./token-buckets.ts";

const limited = [
  "joinRate",
  "signInRate",
  "accountRate",
  "accountDayRate",
  "profileRate",
  "handshakeRate",
  "resumeRate",
  "messageRate",
  "roomMessageRate",
  "roomCreateRate",
  "roomJoinRate",
  "roomChangeRate",
  "directRate",
  "invitationRate",
  "linkRate",
  "searchRate",
  "readMarkRate",
  "requestRate",
] as const;

export type LimitedAction = (typeof limited)[number];

/** All rates of this server that are kept per key; none at all with PARLEY_LIMITS=off. */
export class Limiter {
  readonly isOn: boolean;
  readonly #buckets: Record<LimitedAction, TokenBuckets>;

  constructor(config: Config) {
    this.isOn = config.limits;
    this.#buckets = Object.fromEntries(
      limited.map((action) => [action, new TokenBuckets(config[action])]),
    ) as Record<LimitedAction, TokenBuckets>;
  }

  /** 0 when it may happen now, else the milliseconds to wait. */
  delayMs(action: LimitedAction, key: string): number {
    if (!this.isOn) return 0;
    return this.#buckets[action].take(key, performance.now());
  }

  /** Throws `rate_limited` when it may not happen now. */
  check(action: LimitedAction, key: string): void {
    const retryAfterMs = this.delayMs(action, key);
    if (retryAfterMs > 0) {
      throw new ParleyError("rate_limited", { retryAfterMs });
    }
  }

  /** It was counted by `check`, and did not happen after all. */
  giveBack(action: LimitedAction, key: string): void {
    if (this.isOn) this.#buckets[action].giveBack(key);
  }

  /** Forgets who has not acted for a while. Called every few seconds. */
  sweep(): void {
    const now = performance.now();
    for (const buckets of Object.values(this.#buckets)) buckets.sweep(now);
  }

  /** How many are remembered. */
  get size(): number {
    const all = Object.values(this.#buckets);
    return all.reduce((sum, { size }) => sum + size, 0);
  }
}
