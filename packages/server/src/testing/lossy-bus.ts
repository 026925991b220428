import { RelayedBus, type Relay } from "./relayed-bus.ts";

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
export class LossyNetwork implements Relay {
  faults: Faults = noFaults;
  /** Loses every event, and nothing else. */
  losesEvents = false;
  readonly #random: () => number;
  readonly #buses: RelayedBus[] = [];
  /** When the last message arrives that is on this way. */
  readonly #arrivals = new Map<string, number>();

  constructor(random: () => number) {
    this.#random = random;
  }

  node(): RelayedBus {
    const bus = new RelayedBus(this);
    this.#buses.push(bus);
    return bus;
  }

  heard(): Promise<void> {
    return Promise.resolve();
  }

  carry(
    from: RelayedBus,
    subject: string,
    arrive: (at: RelayedBus) => void,
  ): void {
    const isEvents =
      !["heads", "presence"].includes(subject) &&
      !subject.startsWith("signal ");
    if (from.isCut || (isEvents && this.losesEvents)) return;
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
