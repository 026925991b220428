import type {
  Bus,
  Stop,
  StreamListener,
} from "../../packages/server/src/bus/bus.ts";
import { MemoryBus } from "../../packages/server/src/bus/memory-bus.ts";
import type { CommittedEvent } from "../../packages/server/src/store/store.ts";
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
export class BusNetwork {
  trouble: BusTrouble = { ...calmBus };
  readonly time: VirtualTime;
  readonly random: Random;
  readonly #network: Owner;
  readonly #buses = new Set<SimBus>();
  /** When the last message arrives that is on this way. */
  readonly #arrivals = new Map<string, number>();

  constructor(time: VirtualTime, random: Random, network: Owner) {
    this.time = time;
    this.random = random;
    this.#network = network;
  }

  node(owner: Owner): SimBus {
    const bus = new SimBus(this, owner);
    this.#buses.add(bus);
    return bus;
  }

  leave(bus: SimBus): void {
    this.#buses.delete(bus);
  }

  /** What is cut off or down is noticed after a while, and so is its end. */
  changed(): void {
    for (const bus of this.#buses) bus.notice(this.trouble.isDown);
  }

  cutOff(owner: Owner, isCut: boolean): void {
    for (const bus of this.#buses) {
      if (bus.owner !== owner) continue;
      bus.isCut = isCut;
      bus.notice(this.trouble.isDown);
    }
  }

  /** The ways are well again; who is cut off stays so. */
  calm(): void {
    this.trouble = { ...calmBus };
    this.changed();
  }

  carry(from: SimBus, subject: string, arrive: (at: SimBus) => void): void {
    if (from.isCut || this.trouble.isDown) return;
    const { time, random, trouble } = this;
    for (const to of this.#buses) {
      if (to === from || random.chance(trouble.lost)) continue;
      const deliver = (): void => {
        if (to.isCut || this.trouble.isDown || to.owner.isDead) return;
        time.after(0, () => arrive(to), to.owner);
      };
      const way = `${from.owner.name} ${to.owner.name} ${subject}`;
      const due = time.now + 0.1 + random.share() * trouble.delayMsMax;
      const at = Math.max(due, this.#arrivals.get(way) ?? 0);
      this.#arrivals.set(way, at);
      time.after(at - time.now, deliver, this.#network);
      if (random.chance(trouble.doubled)) {
        time.after(random.share() * 1_000, deliver, this.#network);
      }
    }
  }
}

/** One node's bus. Its own events take no detour, as everywhere. */
export class SimBus implements Bus {
  isCut = false;
  isHearing = true;
  readonly owner: Owner;
  readonly #network: BusNetwork;
  readonly #own = new MemoryBus();
  #onHeads: (heads: ReadonlyMap<string, number>) => void = () => undefined;
  #onDoubt: () => void = () => undefined;

  constructor(network: BusNetwork, owner: Owner) {
    this.#network = network;
    this.owner = owner;
  }

  notice(isDown: boolean): void {
    const isDeaf = isDown || this.isCut;
    const { time } = this.#network;
    const ms = isDeaf ? noticeMs : 100;
    time.after(
      ms,
      () => {
        const isStill = isDeaf === (this.#network.trouble.isDown || this.isCut);
        if (!isStill || this.isHearing === !isDeaf) return;
        this.isHearing = !isDeaf;
        if (this.isHearing) this.#onDoubt();
      },
      this.owner,
    );
  }

  publish(stream: string, events: readonly CommittedEvent[]): void {
    this.#own.publish(stream, events);
    this.#network.carry(this, stream, (bus) => {
      bus.#own.publish(stream, events);
    });
  }

  /** As with a server in between: it takes a moment until it is heard. */
  async follow(stream: string, listener: StreamListener): Promise<Stop> {
    const { time, random } = this.#network;
    await new Promise<void>((resolve) => {
      time.after(random.share(), resolve);
    });
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
    this.#network.leave(this);
    await this.#own[Symbol.asyncDispose]();
  }
}
