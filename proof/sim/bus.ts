import {
  RelayedBus,
  type Relay,
} from "../../packages/server/src/testing/relayed-bus.ts";
import type { Random } from "./random.ts";
import type { Owner, VirtualTime } from "./virtual-time.ts";

/** What the ways between the nodes do to what is said on them; shares of 1. */
export interface BusTrouble {
  lost: number;
  doubled: number;
  delayMsMax: number;
  /** Nothing gets anywhere, as without NATS. */
  isDown: boolean;
}

export const calmBus: BusTrouble = {
  lost: 0,
  doubled: 0,
  delayMsMax: 2,
  isDown: false,
};

/** So long it takes a node to notice that it is not heard (bus/self-probe.ts). */
const noticeMs = 3_000;

/**
 * NATS between the nodes of a run: at most once, maybe late; what one node says
 * of a stream stays in order, what two say gets mixed up.
 */
export class BusNetwork implements Relay {
  trouble: BusTrouble = { ...calmBus };
  readonly #time: VirtualTime;
  readonly #random: Random;
  readonly #network: Owner;
  readonly #buses = new Map<RelayedBus, Owner>();
  /** When the last message arrives that is on this way. */
  readonly #arrivals = new Map<string, number>();

  constructor(time: VirtualTime, random: Random, network: Owner) {
    this.#time = time;
    this.#random = random;
    this.#network = network;
  }

  node(owner: Owner): RelayedBus {
    const bus = new RelayedBus(this);
    this.#buses.set(bus, owner);
    return bus;
  }

  leave(bus: RelayedBus): void {
    this.#buses.delete(bus);
  }

  /** What is cut off or down is noticed after a while, and so is its end. */
  changed(): void {
    for (const [bus, owner] of this.#buses) this.#notice(bus, owner);
  }

  cutOff(owner: Owner, isCut: boolean): void {
    for (const [bus, its] of this.#buses) {
      if (its !== owner) continue;
      bus.isCut = isCut;
      this.#notice(bus, owner);
    }
  }

  /** The ways are well again; who is cut off stays so. */
  calm(): void {
    this.trouble = { ...calmBus };
    this.changed();
  }

  async heard(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#time.after(this.#random.share(), resolve);
    });
  }

  carry(
    from: RelayedBus,
    subject: string,
    arrive: (at: RelayedBus) => void,
  ): void {
    if (this.#isDeaf(from)) return;
    const { trouble } = this;
    const time = this.#time;
    const random = this.#random;
    const sender = this.#buses.get(from)?.name ?? "";
    for (const [to, owner] of this.#buses) {
      if (to === from || random.chance(trouble.lost)) continue;
      const deliver = (): void => {
        if (this.#isDeaf(to) || owner.isDead) return;
        time.after(0, () => arrive(to), owner);
      };
      const way = `${sender} ${owner.name} ${subject}`;
      const due = time.now + 0.1 + random.share() * trouble.delayMsMax;
      const at = Math.max(due, this.#arrivals.get(way) ?? 0);
      this.#arrivals.set(way, at);
      time.after(at - time.now, deliver, this.#network);
      if (random.chance(trouble.doubled)) {
        time.after(random.share() * 1_000, deliver, this.#network);
      }
    }
  }

  #isDeaf(bus: RelayedBus): boolean {
    return bus.isCut || this.trouble.isDown;
  }

  #notice(bus: RelayedBus, owner: Owner): void {
    const isDeaf = this.#isDeaf(bus);
    const ms = isDeaf ? noticeMs : 100;
    this.#time.after(
      ms,
      () => {
        if (isDeaf !== this.#isDeaf(bus) || bus.isHearing !== isDeaf) return;
        if (isDeaf) bus.isHearing = false;
        else bus.mend();
      },
      owner,
    );
  }
}
