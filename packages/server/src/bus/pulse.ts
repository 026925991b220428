const beatMs = 1_000;

/** A longer gap between two beats: the process was stopped, or blocked. */
const gapMsMax = 2_000;

/** Beats every second, and notices when this process did not run (P15). */
export class Pulse {
  readonly #onBeat: (count: number) => void;
  readonly #onWake: () => void;
  #timer: ReturnType<typeof setInterval> | undefined;
  #count = 0;
  #beatAt = 0;
  #wokeAt = -Infinity;

  constructor(events: { onBeat: (count: number) => void; onWake: () => void }) {
    this.#onBeat = events.onBeat;
    this.#onWake = events.onWake;
  }

  start(): void {
    this.#beatAt = performance.now();
    this.#timer = setInterval(() => {
      const now = performance.now();
      const gapMs = now - this.#beatAt;
      this.#beatAt = now;
      if (gapMs > gapMsMax) {
        this.#wokeAt = now;
        this.#onWake();
      }
      this.#count += 1;
      this.#onBeat(this.#count);
    }, beatMs);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** Whether what comes in now was sent just now, not while this process stood. */
  get isSteady(): boolean {
    const now = performance.now();
    return now - this.#beatAt < gapMsMax && now - this.#wokeAt > gapMsMax;
  }
}
