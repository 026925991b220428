import type { Logger } from "../log.ts";
import type { Sockets } from "../socket/sockets.ts";
import { renewLeases } from "../socket/renew-leases.ts";
import type { Store } from "../store/store.ts";

const everyMs = 60_000;

/** Takes guests who cannot come back out of their rooms, from time to time. */
export class GuestSweep implements Disposable {
  readonly #store: Store;
  readonly #log: Logger;
  #sweeping: ReturnType<typeof setInterval> | undefined;

  constructor(store: Store, log: Logger) {
    this.#store = store;
    this.#log = log;
  }

  /** Before anybody can come: whoever comes back now is somebody new. */
  async atStart(): Promise<void> {
    // Of the simple wire, those of other nodes may well be there.
    const simpleWire = !this.#store.isShared;
    await this.#sweep({ simpleWire, isStart: true }).catch(this.#unswept);
  }

  start({ heartbeat }: Pick<Sockets, "heartbeat">): void {
    this.#sweeping = setInterval(() => {
      // First who is here: a node that has slept must not sweep its own guests.
      renewLeases(this.#store, heartbeat.sockets())
        .then(() => this.#sweep({ simpleWire: false }))
        .catch(this.#unswept);
    }, everyMs);
  }

  [Symbol.dispose](): void {
    clearInterval(this.#sweeping);
  }

  /** In small transactions, until nobody is left who cannot come back. */
  async #sweep(options: {
    simpleWire: boolean;
    isStart?: boolean;
  }): Promise<void> {
    for (;;) {
      const { isDone } = await this.#store.write("sweepGuests", options);
      if (isDone) return;
    }
  }

  readonly #unswept = (error: unknown): void => {
    this.#log.warn({ err: error }, "guests could not be swept");
  };
}
