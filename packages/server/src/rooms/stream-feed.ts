import { ParleyError } from "@parley/protocol";
import type { CommittedEvent, EventRange } from "../store/store.ts";
import { inboxOwner } from "../store/stream-keys.ts";
import { Coalescer } from "./coalescer.ts";
import { encode, type EncodedEvent } from "./encoded-event.ts";
import { HeldEvents } from "./held-events.ts";
import { nextMoment } from "./moments.ts";
import {
  RecentEvents,
  type RecentEvent,
  type RecentMemory,
} from "./recent-events.ts";

/** Who comes back is rarely alone: of a room so many are read again at once. */
const recallEvents = 50;

/** More is not read again for all together, but in pages for each. */
const recallEventsMax = 1_000;

/** How long an event waits for the one before it to arrive by itself. */
const patienceMs = 75;

/** After a read that failed the next one waits: twice as long each time … */
const firstRetryMs = 125;

/** … and at most so long, so that a store that is back is soon read again. */
const retryMsMax = 1_000;

/** Whoever asks to be brought to a number has an answer within this time (L-1). */
const reachMsMax = 4_000;

export interface FeedSurroundings {
  /** Hands events on to the sockets, in order, each once. */
  deliver: (stream: string, events: readonly EncodedEvent[]) => void;
  read: (
    stream: string,
    range: { after: number; upTo: number },
  ) => Promise<CommittedEvent[]>;
  /** Reads for those who come back, with what others want in this turn. */
  readAgain: (
    stream: string,
    range: () => EventRange,
  ) => Promise<CommittedEvent[]>;
  /** Missed events that are replayed at most. */
  replayEvents: number;
  /** What all feeds keep. */
  memory: RecentMemory;
  /** A read failed, the first of a row; it is tried again until it succeeds. */
  onError: (error: unknown) => void;
}

/**
 * One stream's events on this node, in order and without holes, whatever the
 * bus does: the next number is passed on, a repeat is dropped, and a number
 * too high is held until the ones before it are here. They mostly come by
 * themselves, a moment later (two nodes that write to one room arrive inverted
 * as a matter of course); otherwise the store is read.
 *
 * It is the only thing that publishes a stream's events, synchronously and on
 * one thread. That is what makes resuming simple: between "the replay has
 * reached `last`" and the subscribe, nothing can be published (S-1).
 */
export class StreamFeed {
  readonly stream: string;
  /** Monotonic time from which on nothing of the stream is missed for good. */
  readonly openedAt = performance.now();
  /** When its head was known: who left before is not told of by it any more. */
  readonly moment = nextMoment();
  /** Monotonic time of the last use, for closing what nobody needs. */
  usedAt = this.openedAt;
  /** Monotonic time at which something was last read again. */
  recalledAt = 0;
  readonly recent: RecentEvents;
  readonly #surroundings: FeedSurroundings;
  /** None for an inbox: it has few readers, and tells what one may read. */
  readonly #coalescer: Coalescer | undefined;
  /** The lowest cursor that somebody waits to be recalled for. */
  #recallFrom = Infinity;
  #recalling: Promise<boolean> | undefined;
  /** The highest number heard of; above `last` while there is a hole. */
  #heard = 0;
  /** The same, of what was heard since the present read began. */
  #heardLately = 0;
  /** What came too early; nothing in the life of most feeds. */
  #held: HeldEvents | undefined;
  /** Since when the hole after `last` is there. */
  #holeSince = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #filling: Promise<void> | undefined;
  #failures = 0;
  #isClosed = false;

  constructor(stream: string, last: number, surroundings: FeedSurroundings) {
    this.stream = stream;
    this.recent = new RecentEvents(last, surroundings.memory);
    this.#surroundings = surroundings;
    const isInbox = inboxOwner(stream) !== undefined;
    this.#coalescer = isInbox
      ? undefined
      : new Coalescer((events) => {
          surroundings.deliver(stream, events);
        });
  }

  /** The highest number handed on, or about to be: see `flush`. */
  get last(): number {
    return this.recent.last;
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
    // Its successor may be open already, and tells the same.
    if (this.#isClosed) return;
    const next: EncodedEvent[] = [];
    for (const committed of events) {
      const { seq } = committed.event;
      const expected = this.last + next.length + 1;
      if (seq === expected) next.push(encode(committed));
      else if (seq > expected) this.#hold(committed);
    }
    if (this.#held !== undefined) this.#release(this.#held, next);
    this.#accept(next);
    if (this.#heard > this.last) this.#mind(next.length > 0);
  }

  /**
   * Resolves when everything up to `seq` that is stored has been handed on:
   * this node may know less than the one a client came from. Rejects when that
   * cannot be found out now; it is tried again all the same.
   */
  async reach(seq: number): Promise<void> {
    if (this.last >= seq) return;
    this.#note(seq);
    const { promise: late, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(() => {
      reject(new ParleyError("unavailable", { retryAfterMs: 1_000 }));
    }, reachMsMax);
    try {
      // One that is on its way already may end below `seq`.
      if (this.#filling) await Promise.race([this.#filling, late]);
      if (this.last < seq) await Promise.race([this.#fill(), late]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Whether the events after `cursor` are all at hand. */
  covers(cursor: number): boolean {
    return this.recent.covers(cursor);
  }

  /** The events after `cursor`; only after `covers(cursor)`. */
  after(cursor: number): readonly RecentEvent[] {
    return this.recent.after(cursor);
  }

  /**
   * Reads again what is missing between `cursor` and what is at hand, once for
   * all who come back (P13). False when it cannot be had that way: there is too
   * much of it to be kept, or was just now.
   */
  async recall(cursor: number): Promise<boolean> {
    if (this.last - cursor > recallEventsMax) return false;
    while (this.recent.canRecall(cursor) && !this.#isClosed) {
      this.#recallFrom = Math.min(this.#recallFrom, cursor);
      this.#recalling ??= this.#readAgain().finally(() => {
        this.#recalling = undefined;
        // Whoever asked meanwhile and still needs it asks again.
        this.#recallFrom = Infinity;
      });
      if (!(await this.#recalling)) break;
    }
    return this.covers(cursor);
  }

  /** Sends what waits, and asks for nothing more. */
  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#held = undefined;
    this.flush();
    this.recent.forget();
  }

  #accept(events: readonly EncodedEvent[]): void {
    if (events.length === 0) return;
    this.recent.add(events);
    if (this.#coalescer === undefined) {
      this.#surroundings.deliver(this.stream, events);
      return;
    }
    this.#coalescer.add(events);
    // Nobody stays a moment longer than the commit that removed them.
    if (events.some(({ removes }) => removes !== undefined)) this.flush();
  }

  /** Answers whether what was read joins what is at hand. */
  async #readAgain(): Promise<boolean> {
    const { readAgain, replayEvents } = this.#surroundings;
    let from = Infinity;
    let upTo = 0;
    const range = (): EventRange => {
      from = this.#recallFrom;
      upTo = this.recent.floor;
      // In a room the next one to come may have missed a little more. An inbox
      // has one reader.
      const more = this.#coalescer === undefined ? 0 : this.#recallEvents(from);
      return { after: Math.max(0, Math.min(from, this.last - more)), upTo };
    };
    this.recalledAt = performance.now();
    // Twice, for what is said while it is read.
    this.recent.deepen(2 * Math.min(replayEvents, recallEventsMax));
    const older = await readAgain(this.stream, range);
    if (this.#isClosed) return false;
    // What it was to join has been forgotten meanwhile, for want of room. That
    // says nothing of how far this stream reaches at another time.
    if (this.recent.floor > upTo) return false;
    this.recent.prepend(older);
    if (!this.recent.covers(from)) this.recent.giveUpBelow();
    return true;
  }

  /** A little, and if that is not enough, all that may ever be replayed. */
  #recallEvents(from: number): number {
    const { replayEvents } = this.#surroundings;
    return this.last - from <= recallEvents
      ? recallEvents
      : Math.min(replayEvents, recallEventsMax);
  }

  #note(seq: number): void {
    if (seq > this.#heard) this.#heard = seq;
    if (seq > this.#heardLately) this.#heardLately = seq;
  }

  #hold(committed: CommittedEvent): void {
    this.#note(committed.event.seq);
    this.#held ??= new HeldEvents();
    this.#held.add(encode(committed));
  }

  /** Adds to `next` those whose turn has come. */
  #release(held: HeldEvents, next: EncodedEvent[]): void {
    for (;;) {
      const event = held.take(this.last + next.length + 1);
      if (event === undefined) break;
      next.push(event);
    }
    held.forgetUpTo(this.last + next.length);
    if (held.size === 0) this.#held = undefined;
  }

  /** There is a hole: a read comes in a moment, unless it closes by itself. */
  #mind(hasMoved: boolean): void {
    const isNew = hasMoved || this.#timer === undefined;
    if (isNew) this.#holeSince = performance.now();
    // The read that is on its way looks again at its end.
    if (this.#filling !== undefined || this.#isClosed) return;
    const isPatient = this.#failures > 0 || this.#held?.isFull !== true;
    if (isPatient) this.#timer ??= setTimeout(this.#look, patienceMs);
    else this.#fillAlone();
  }

  /** One timer for however many events: it looks at what is missing by now. */
  readonly #look = (): void => {
    this.#timer = undefined;
    if (this.#heard <= this.last || this.#filling !== undefined) return;
    const waitMs = this.#holeSince + patienceMs - performance.now();
    // Another hole than the one it was set for has its time as well.
    if (waitMs > 1) this.#timer = setTimeout(this.#look, waitMs);
    else this.#fillAlone();
  };

  /** Nobody waits for this one: what fails has been told, and comes again. */
  #fillAlone(): void {
    this.#fill().catch(() => undefined);
  }

  /** Reads the store up to what was heard of. One read at a time. */
  #fill(): Promise<void> {
    this.#filling ??= this.#read().finally(() => {
      this.#filling = undefined;
      if (this.#heard <= this.last || this.#isClosed) return;
      if (this.#failures === 0) this.#mind(true);
      else this.#timer ??= setTimeout(this.#look, this.#retryMs());
    });
    return this.#filling;
  }

  #retryMs(): number {
    return Math.min(retryMsMax, firstRetryMs * 2 ** (this.#failures - 1));
  }

  async #read(): Promise<void> {
    const target = this.#heard;
    this.#heardLately = 0;
    try {
      while (this.last < target && !this.#isClosed) {
        const { last } = this;
        const upTo = this.#held?.highestMissing(target) ?? target;
        const range = { after: last, upTo };
        this.hear(await this.#surroundings.read(this.stream, range));
        if (this.last === last) {
          this.#giveUp();
          break;
        }
      }
      this.#failures = 0;
    } catch (error) {
      this.#failures += 1;
      if (this.#failures === 1) this.#surroundings.onError(error);
      throw error;
    }
  }

  /**
   * What the store does not have was never committed: stop waiting for it. What
   * was heard after the question was asked is another matter.
   */
  #giveUp(): void {
    this.#heard = this.#heardLately;
    this.#held = undefined;
  }
}
