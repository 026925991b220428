import type { CommittedEvent } from "../store/store.ts";

export type StreamListener = (events: readonly CommittedEvent[]) => void;

/**
 * How nodes tell each other that a stream moved. It promises: what it delivers
 * was committed, once at most, maybe late, maybe never, and per publisher in
 * order. The store is the truth; whoever needs everything compares numbers and
 * reads what is missing.
 */
export interface Bus {
  /** Called after the commit, with one stream's events in order. */
  publish(stream: string, events: readonly CommittedEvent[]): void;
  /** Hears a stream from now on; returns how to stop. One listener per stream. */
  follow(stream: string, listener: StreamListener): () => void;
  /** Something that nobody stores and that may get lost, for who follows a stream. */
  signal(stream: string, signal: unknown): void;
  /** Hears all signals of streams that are followed here. */
  onSignal(listener: (stream: string, signal: unknown) => void): void;
}
