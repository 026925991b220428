import type { CommittedEvent } from "../store/store.ts";
import type { PresenceWord } from "./presence-word.ts";

export type StreamListener = (events: readonly CommittedEvent[]) => void;

/** Stops hearing. */
export type Stop = () => void;

/**
 * How nodes tell each other that a stream moved. It promises, of what it
 * delivers from other nodes: it was committed, it comes once at most, maybe
 * late, maybe never, and per publisher in order; never a lie. This node's own
 * events take no detour: they are heard before `publish` returns. The store is
 * the truth; whoever needs everything compares numbers and reads what is
 * missing.
 */
export interface Bus extends AsyncDisposable {
  /** Called after the commit, with one stream's events in order. */
  publish(stream: string, events: readonly CommittedEvent[]): void;
  /**
   * Hears a stream from the moment it returns or resolves: what is published
   * after that reaches the listener, unless it gets lost. One listener per
   * stream.
   */
  follow(stream: string, listener: StreamListener): Stop | Promise<Stop>;
  /** Something that nobody stores and that may get lost, for who follows a stream. */
  signal(stream: string, signal: object): void;
  /** Hears all signals of streams that are followed here, one's own too. */
  onSignal(listener: (stream: string, signal: object) => void): void;
  /** Tells the other nodes how far streams have grown. */
  tellHeads(heads: ReadonlyMap<string, number>): void;
  /** Hears what the other nodes tell so, of streams that may not be followed here. */
  onHeads(listener: (heads: ReadonlyMap<string, number>) => void): void;
  /** Tells the other nodes who is on this one. */
  tellPresence(word: PresenceWord): void;
  /** Hears what the other nodes tell so. */
  onPresence(listener: (word: PresenceWord) => void): void;
  /** Hears that anything may have been lost up to now (after a reconnect, say). */
  onDoubt(listener: () => void): void;
  /**
   * Whether other nodes are heard just now. While they are not, whoever needs
   * everything asks the store from time to time instead.
   */
  readonly isHearing: boolean;
}
