import type { Bus, Stop, StreamListener } from "../bus/bus.ts";
import { MemoryBus } from "../bus/memory-bus.ts";
import type { PresenceWord } from "../bus/presence-word.ts";
import type { CommittedEvent } from "../store/store.ts";

/** What lies between the buses of several nodes. */
export interface Relay {
  /** Brings what one says to the others, as well or badly as it does. */
  carry(
    from: RelayedBus,
    subject: string,
    arrive: (at: RelayedBus) => void,
  ): void;
  /** As with a server in between: it takes a moment until one is heard. */
  heard(): Promise<void>;
}

/** One node's bus, with a way to the others that a test has in its hands. */
export class RelayedBus implements Bus {
  /** Whether nothing comes or goes, which it may not have noticed yet. */
  isCut = false;
  isHearing = true;
  readonly #relay: Relay;
  // Its own events take no detour, as everywhere.
  readonly #own = new MemoryBus();
  #onHeads: (heads: ReadonlyMap<string, number>) => void = () => undefined;
  #onPresence: (word: PresenceWord) => void = () => undefined;
  #onDoubt: () => void = () => undefined;

  constructor(relay: Relay) {
    this.#relay = relay;
  }

  /** The way is free again, and that is noticed: anything may have been lost. */
  mend(): void {
    this.isCut = false;
    this.isHearing = true;
    this.#onDoubt();
  }

  publish(stream: string, events: readonly CommittedEvent[]): void {
    this.#own.publish(stream, events);
    this.#relay.carry(this, stream, (bus) => {
      bus.#own.publish(stream, events);
    });
  }

  async follow(stream: string, listener: StreamListener): Promise<Stop> {
    await this.#relay.heard();
    return this.#own.follow(stream, listener);
  }

  signal(stream: string, signal: object): void {
    this.#own.signal(stream, signal);
    this.#relay.carry(this, `signal ${stream}`, (bus) => {
      bus.#own.signal(stream, signal);
    });
  }

  onSignal(listener: (stream: string, signal: object) => void): void {
    this.#own.onSignal(listener);
  }

  tellHeads(heads: ReadonlyMap<string, number>): void {
    const told = new Map(heads);
    this.#relay.carry(this, "heads", (bus) => {
      bus.#onHeads(told);
    });
  }

  onHeads(listener: (heads: ReadonlyMap<string, number>) => void): void {
    this.#onHeads = listener;
  }

  tellPresence(word: PresenceWord): void {
    this.#relay.carry(this, "presence", (bus) => {
      bus.#onPresence(word);
    });
  }

  onPresence(listener: (word: PresenceWord) => void): void {
    this.#onPresence = listener;
  }

  onDoubt(listener: () => void): void {
    this.#onDoubt = listener;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#own[Symbol.asyncDispose]();
  }
}
