import type { CommittedEvent } from "../store/store.ts";
import type { Bus, Stop, StreamListener } from "./bus.ts";

/**
 * The bus of one process: a direct call, in order, nothing lost. Of other nodes
 * it hears nothing: where there may be some, `isAlone` is false, and their
 * events are found in the store.
 */
export class MemoryBus implements Bus {
  readonly isHearing: boolean;
  readonly #listeners = new Map<string, StreamListener>();
  readonly #onSignal: ((stream: string, signal: object) => void)[] = [];
  #isOver = false;

  constructor({ isAlone = true }: { isAlone?: boolean } = {}) {
    this.isHearing = isAlone;
  }

  publish(stream: string, events: readonly CommittedEvent[]): void {
    this.#listeners.get(stream)?.(events);
  }

  follow(stream: string, listener: StreamListener): Stop {
    if (this.#isOver) return () => undefined;
    this.#listeners.set(stream, listener);
    return () => {
      if (this.#listeners.get(stream) === listener) {
        this.#listeners.delete(stream);
      }
    };
  }

  signal(stream: string, signal: object): void {
    for (const listener of this.#onSignal) listener(stream, signal);
  }

  onSignal(listener: (stream: string, signal: object) => void): void {
    if (!this.#isOver) this.#onSignal.push(listener);
  }

  tellHeads(): void {
    // There is nobody to tell.
  }

  onHeads(): void {
    // Nobody tells.
  }

  tellPresence(): void {
    // There is nobody to tell.
  }

  onPresence(): void {
    // Nobody tells.
  }

  onDoubt(): void {
    // A direct call loses nothing.
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#isOver = true;
    this.#listeners.clear();
    this.#onSignal.length = 0;
    return Promise.resolve();
  }
}
