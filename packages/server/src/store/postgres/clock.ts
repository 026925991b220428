import type { Pool } from "pg";

/** Clocks of two machines drift apart by seconds a day at worst. */
const askEveryMs = 10_000;

/** An answer that took longer says too little … */
const slowMs = 100;

/** … as long as a better one is younger than this. */
const goodForMs = 60_000;

/**
 * The database's clock, the one that all nodes share: asked from time to time,
 * and carried on between by this process's monotonic clock, which no change of
 * the wall clock touches (P18).
 */
export class DatabaseClock {
  readonly #pool: Pool;
  /** The database's time minus the monotonic time here. */
  #offsetMs = 0;
  #knownSince = -Infinity;
  #asking: ReturnType<typeof setInterval> | undefined;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  /** Rejects when the database cannot be asked the first time. */
  async start(): Promise<void> {
    await this.#ask();
    this.#asking = setInterval(() => {
      this.#ask().catch(() => {
        // It is carried on with what was known.
      });
    }, askEveryMs);
  }

  stop(): void {
    clearInterval(this.#asking);
  }

  /** Milliseconds since 1970. */
  readonly now = (): number => Math.round(performance.now() + this.#offsetMs);

  async #ask(): Promise<void> {
    const before = performance.now();
    const { rows } = await this.#pool.query<{ now: number }>(
      "select (extract(epoch from clock_timestamp()) * 1000)::bigint as now",
    );
    const after = performance.now();
    const [row] = rows;
    // The wait for a free connection counts too.
    const isSlow = after - before > slowMs;
    if (!row || (isSlow && after - this.#knownSince < goodForMs)) return;
    this.#offsetMs = row.now - (before + after) / 2;
    this.#knownSince = after;
  }
}
