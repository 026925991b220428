import type { Logger } from "../log.ts";

/** The log hears of them this often at most. */
const everyMs = 60_000;

/** Counts what was not from a node of this database, or not as it should be. */
export class DroppedMessages {
  readonly #log: Logger;
  #untold = 0;
  #quietUntil = 0;

  constructor(log: Logger) {
    this.#log = log;
  }

  count(): void {
    this.#untold += 1;
    const now = performance.now();
    if (now < this.#quietUntil) return;
    this.#quietUntil = now + everyMs;
    this.#log.warn(
      { messages: this.#untold },
      "messages on NATS were dropped: no node of this database sent them, or they are damaged; give NATS credentials if strangers reach it",
    );
    this.#untold = 0;
  }
}
