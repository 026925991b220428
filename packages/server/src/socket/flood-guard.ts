import type { Config } from "../config.ts";

/** Objects beyond the rate are refused; this many seconds' worth of them is abuse. */
const abuseSeconds = 10;

export type Verdict = "fine" | "too-fast" | "abuse";

/**
 * The two token buckets of one connection, as plain numbers: objects received,
 * and WebSocket pings and pongs, which Bun answers without counting (T45).
 */
export class FloodGuard {
  readonly #config: Config;
  #objects: number;
  #controls: number;
  #filledAt: number;

  constructor(config: Config, now: number) {
    this.#config = config;
    this.#objects = config.frameRate.burst;
    this.#controls = config.controlRate.burst;
    this.#filledAt = now;
  }

  /** Counts one object from the client. `now` is monotonic, in milliseconds. */
  object(now: number): Verdict {
    if (!this.#config.limits) return "fine";
    this.#refill(now);
    this.#objects -= 1;
    if (this.#objects >= 0) return "fine";
    const abuse = -this.#config.frameRate.perSecond * abuseSeconds;
    return this.#objects < abuse ? "abuse" : "too-fast";
  }

  /** Counts one ping or pong frame. */
  control(now: number): Verdict {
    if (!this.#config.limits) return "fine";
    this.#refill(now);
    this.#controls -= 1;
    return this.#controls >= 0 ? "fine" : "abuse";
  }

  /** How long until an object is welcome again. */
  get waitMs(): number {
    const { perSecond } = this.#config.frameRate;
    return Math.ceil(((1 - Math.min(0, this.#objects)) / perSecond) * 1000);
  }

  #refill(now: number): void {
    const { frameRate, controlRate } = this.#config;
    const seconds = (now - this.#filledAt) / 1000;
    this.#filledAt = now;
    this.#objects = Math.min(
      frameRate.burst,
      this.#objects + seconds * frameRate.perSecond,
    );
    this.#controls = Math.min(
      controlRate.burst,
      this.#controls + seconds * controlRate.perSecond,
    );
  }
}
