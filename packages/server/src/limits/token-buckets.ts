import type { Rate } from "./rate.ts";

/** Sums of fractions are off by less than this: who waited as told gets in. */
const tolerance = 1e-6;

interface Bucket {
  tokens: number;
  filledAt: number;
}

/**
 * Token buckets by key (a person, an address, a room). A full bucket is the
 * same as none, so memory is bounded by those who acted within the last
 * `burst / perSecond` seconds.
 */
export class TokenBuckets {
  readonly #rate: Rate;
  readonly #buckets = new Map<string, Bucket>();
  #sweptAt = 0;

  constructor(rate: Rate) {
    this.#rate = rate;
  }

  /**
   * Takes one token. Returns 0 when there was one, else the milliseconds until
   * there will be. `now` is a monotonic clock in milliseconds, so that a
   * jumping wall clock neither blocks nor frees anybody (P18).
   */
  take(key: string, now: number): number {
    const bucket = this.#filled(key, now);
    const waitMs = this.#waitMs(bucket);
    if (waitMs === 0) bucket.tokens -= 1;
    return waitMs;
  }

  /** Returns a token that was taken for what then was not allowed. */
  giveBack(key: string): void {
    const bucket = this.#buckets.get(key);
    if (bucket === undefined) return;
    bucket.tokens = Math.min(this.#rate.burst, bucket.tokens + 1);
  }

  #filled(key: string, now: number): Bucket {
    const { perSecond, burst } = this.#rate;
    this.sweep(now);
    let bucket = this.#buckets.get(key);
    if (bucket === undefined) {
      bucket = { tokens: burst, filledAt: now };
      this.#buckets.set(key, bucket);
    }
    const refill = ((now - bucket.filledAt) / 1000) * perSecond;
    bucket.tokens = Math.min(burst, bucket.tokens + refill);
    bucket.filledAt = now;
    return bucket;
  }

  #waitMs({ tokens }: Bucket): number {
    if (tokens >= 1 - tolerance) return 0;
    return Math.ceil(((1 - tokens) / this.#rate.perSecond) * 1000);
  }

  get size(): number {
    return this.#buckets.size;
  }

  /** Forgets those that are full. Also without anybody acting: now and then. */
  sweep(now: number): void {
    const fullAfterMs = (this.#rate.burst / this.#rate.perSecond) * 1000;
    if (now - this.#sweptAt < Math.min(fullAfterMs, 60_000)) return;
    this.#sweptAt = now;
    for (const [key, { filledAt }] of this.#buckets) {
      if (now - filledAt >= fullAfterMs) this.#buckets.delete(key);
    }
  }
}
