import type { Bus, Stop, StreamListener } from "../bus/bus.ts";
import { MemoryBus } from "../bus/memory-bus.ts";
import type { CommittedEvent } from "../store/store.ts";

/** How badly the ways between the nodes behave; all shares are of 1. */
export interface Faults {
  lost: number;
  doubled: number;
  delayMsMax: number;
}

export const noFaults: Faults = { lost: 0, doubled: 0, delayMsMax: 1 };

/**
 * What lies between the buses of several nodes: it loses, doubles and delays
 * what one says to another, by chance from a seed. What one node says of a
 * stream stays in order; what two say gets mixed up.
 */
export class LossyNetwork {
  faults: Faults = noFaults;
  /** Loses every event, and nothing else. */
  losesEvents = false;
  readonly #random: () => number;
  readonly #buses: LossyBus[] = [];
  /** When the last message arrives that is on this way. */
  readonly #arrivals = new Map<string, number>();

  constructor(random: () => number) {
    this.#random = random;
  }

  node(): LossyBus {
    const bus = new LossyBus(this);
    this.#buses.push(bus);
    return bus;
  }

  carry(from: LossyBus, subject: string, arrive: (at: LossyBus) => void): void {
    if (from.isCut) return;
    for (const [index, to] of this.#buses.entries()) {
      if (to === from || this.#random() < this.faults.lost) continue;
      const way = `${this.#buses.indexOf(from)} ${index} ${subject}`;
      const deliver = (): void => {
        if (!to.isCut) arrive(to);
      };
      const now = performance.now();
      const due = now + this.#random() * this.faults.delayMsMax;
      const at = Math.max(due, this.#arrivals.get(way) ?? 0);
      this.#arrivals.set(way, at);
      setTimeout(deliver, at - now);
      if (this.#random() < this.faults.doubled) {
        setTimeout(deliver, this.#random() * 1_000);
      }
    }
  }
}

/** One node's bus. Its own events take no detour, as everywhere. */
export class LossyBus implements Bus {
  /** Whether nothing comes or goes, which it may not have noticed yet. */
  isCut = false;
  isHearing = true;
  readonly #network: LossyNetwork;
  readonly #own = new MemoryBus();
  #onHeads: (heads: ReadonlyMap<string, number>) => void = () => undefined;
  #onDoubt: () => void = () => undefined;

  constructor(network: LossyNetwork) {
    this.#network = network;
  }

  /** The way is free again, and that is noticed: anything may have been lost. */
  mend(): void {
    this.isCut = false;
    this.isHearing = true;
    this.#onDoubt();
  }

  publish(stream: string, events: readonly CommittedEvent[]): void {
    this.#own.publish(stream, events);
    if (this.#network.losesEvents) return;
    this.#network.carry(this, stream, (bus) => {
      bus.#own.publish(stream, events);
    });
  }

  /** As with a server in between: it takes a moment until it is heard. */
  async follow(stream: string, listener: StreamListener): Promise<Stop> {
    await Promise.resolve();
    return this.#own.follow(stream, listener);
  }

  signal(stream: string, signal: object): void {
    this.#own.signal(stream, signal);
    this.#network.carry(this, `signal ${stream}`, (bus) => {
      bus.#own.signal(stream, signal);
    });
  }

  onSignal(listener: (stream: string, signal: object) => void): void {
    this.#own.onSignal(listener);
  }

  tellHeads(heads: ReadonlyMap<string, number>): void {
    const told = new Map(heads);
    this.#network.carry(this, "heads", (bus) => {
      bus.#onHeads(told);
    });
  }

  onHeads(listener: (heads: ReadonlyMap<string, number>) => void): void {
    this.#onHeads = listener;
  }

  onDoubt(listener: () => void): void {
    this.#onDoubt = listener;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#own[Symbol.asyncDispose]();
  }
}
