import type { CommittedEvent } from "../store/store.ts";
import type { Bus, StreamListener } from "./bus.ts";

/** The bus of one node alone: a direct call, in order, nothing lost. */
export class MemoryBus implements Bus {
  readonly #listeners = new Map<string, StreamListener>();
  #onSignal: (stream: string, signal: unknown) => void = () => undefined;

  publish(stream: string, events: readonly CommittedEvent[]): void {
    this.#listeners.get(stream)?.(events);
  }

  follow(stream: string, listener: StreamListener): () => void {
    this.#listeners.set(stream, listener);
    return () => {
      if (this.#listeners.get(stream) === listener) {
        this.#listeners.delete(stream);
      }
    };
  }

  signal(stream: string, signal: unknown): void {
    this.#onSignal(stream, signal);
  }

  onSignal(listener: (stream: string, signal: unknown) => void): void {
    this.#onSignal = listener;
  }
}
