import type { CommittedEvent } from "../store/store.ts";
import { inboxOwner } from "../store/stream-keys.ts";
import { Coalescer } from "./coalescer.ts";

/** An event as everybody gets it. */
export interface EncodedEvent {
  seq: number;
  text: string;
  /** Length of `text` in UTF-8. */
  bytes: number;
  /** Whom this event takes out of the stream, if it does. */
  removes: string | undefined;
  committed: CommittedEvent;
}

/** What one delivery may keep for those who come a little late. */
const ringEventsMax = 256;
const ringBytesMax = 65_536;

/** How long an event waits for the one before it to arrive by itself. */
const patienceMs = 75;

export interface FeedSurroundings {
  /** Hands events on to the sockets, in order, each once. */
  deliver: (stream: string, events: readonly EncodedEvent[]) => void;
  read: (
    stream: string,
    range: { after: number; upTo: number },
  ) => Promise<CommittedEvent[]>;
  onError: (error: unknown) => void;
}

/**
 * One stream's events on this node, in order and without holes, whatever the
 * bus does: the next number is passed on, a repeat is dropped, and a number
 * too high waits a moment and is then reached by reading the store.
 *
 * It is the only thing that publishes a stream's events, synchronously and on
 * one thread. That is what makes resuming simple: between "the replay has
 * reached `last`" and the subscribe, nothing can be published (S-1).
 */
export class StreamFeed {
  readonly stream: string;
  /** The highest number handed on, or about to be: see `flush`. */
  last: number;
  /** Monotonic time of the last use, for closing what nobody needs. */
  usedAt = 0;
  readonly #surroundings: FeedSurroundings;
  /** None for an inbox: it has few readers, and tells what one may read. */
  readonly #coalescer: Coalescer | undefined;
  #ring: EncodedEvent[] = [];
  #ringBytes = 0;
  /** The highest number heard of; above `last` while there is a hole. */
  #heard = 0;
  #filling: Promise<void> | undefined;

  constructor(stream: string, last: number, surroundings: FeedSurroundings) {
    this.stream = stream;
    this.last = last;
    this.#surroundings = surroundings;
    const isInbox = inboxOwner(stream) !== undefined;
    this.#coalescer = isInbox
      ? undefined
      : new Coalescer((events) => {
          surroundings.deliver(stream, events);
        });
  }

  /**
   * Hands on what waits to be sent together. Before a subscribe: who comes now
   * has these events from the replay, and would get them twice (S-1).
   */
  flush(): void {
    this.#coalescer?.flush();
  }

  /** What the bus says. */
  hear(events: readonly CommittedEvent[]): void {
    const next: EncodedEvent[] = [];
    for (const committed of events) {
      const { seq } = committed.event;
      const expected = this.last + next.length + 1;
      if (seq === expected) next.push(encode(committed));
      else if (seq > expected) this.#heard = Math.max(this.#heard, seq);
    }
    this.#accept(next);
    if (this.#heard > this.last) this.#fillSoon();
  }

  /**
   * Resolves when everything up to `seq` that is stored has been handed on:
   * this node may know less than the one a client came from.
   */
  async reach(seq: number): Promise<void> {
    this.#heard = Math.max(this.#heard, seq);
    if (this.last < seq) await this.#fill();
  }

  /** Whether the events after `cursor` are all at hand. */
  covers(cursor: number): boolean {
    return cursor <= this.last && this.last - cursor <= this.#ring.length;
  }

  /** The events after `cursor`; only after `covers(cursor)`. */
  after(cursor: number): readonly EncodedEvent[] {
    return this.#ring.slice(this.#ring.length - (this.last - cursor));
  }

  #accept(events: readonly EncodedEvent[]): void {
    const newest = events.at(-1);
    if (newest === undefined) return;
    this.last = newest.seq;
    this.#ring.push(...events);
    for (const { bytes } of events) this.#ringBytes += bytes;
    while (
      this.#ring.length > ringEventsMax ||
      this.#ringBytes > ringBytesMax
    ) {
      this.#ringBytes -= this.#ring.shift()?.bytes ?? 0;
    }
    if (this.#coalescer === undefined) {
      this.#surroundings.deliver(this.stream, events);
      return;
    }
    this.#coalescer.add(events);
    // Nobody stays a moment longer than the commit that removed them.
    if (events.some(({ removes }) => removes !== undefined)) this.flush();
  }

  #fillSoon(): void {
    setTimeout(() => {
      if (this.#heard > this.last) void this.#fill();
    }, patienceMs);
  }

  /** Reads the store up to what was heard of. One read at a time. */
  #fill(): Promise<void> {
    this.#filling ??= this.#read().finally(() => {
      this.#filling = undefined;
    });
    return this.#filling;
  }

  async #read(): Promise<void> {
    const target = this.#heard;
    try {
      while (this.last < target) {
        const range = { after: this.last, upTo: target };
        const events = await this.#surroundings.read(this.stream, range);
        if (events.length === 0) break;
        this.hear(events);
      }
    } catch (error) {
      this.#surroundings.onError(error);
    }
    // What the store does not have was never committed: stop waiting for it.
    if (this.#heard === target) this.#heard = this.last;
  }
}

function encode(committed: CommittedEvent): EncodedEvent {
  const { event } = committed;
  const text = JSON.stringify(event);
  return {
    seq: event.seq,
    text,
    bytes: Buffer.byteLength(text),
    removes: event.type === "member.left" ? event.person : undefined,
    committed,
  };
}
