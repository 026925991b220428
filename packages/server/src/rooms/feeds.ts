import type { Bus, StreamListener } from "../bus/bus.ts";
import { limits } from "@parley/protocol";
import { gathered } from "../store/gathered.ts";
import type { CommittedEvent, Reads } from "../store/store.ts";
import type { RecentMemory } from "./recent-events.ts";
import { ResumeReads } from "./resume-reads.ts";
import { StreamFeed, type FeedSurroundings } from "./stream-feed.ts";

/** A feed that nobody follows is kept this long for who comes back. */
const idleMsMax = 60_000;

/** What was read again for who came back is kept this long after the last of them. */
const recalledMsMax = 60_000;

/** Recent events of all feeds; above it those that were used longest ago are forgotten … */
const memoryBytesMax = 33_554_432;

/** … down to this, so that it is not looked for at each step. */
const memoryBytesLeft = 25_165_824;

/** A read of missing events goes in pages of this size. */
const eventsPerRead = 1_000;

/** Of what is heard before the head is known, so much is kept. */
const earlyMax = 256;

interface OpenFeed {
  feed: StreamFeed;
  stop: () => void;
}

/** The feeds of the streams that somebody on this node follows. */
export class Feeds implements Disposable {
  /** What coming back asks of the store. */
  readonly reads: ResumeReads;
  readonly #bus: Bus;
  readonly #memory: RecentMemory = { bytes: 0 };
  readonly #headOf: (stream: string) => Promise<number | undefined>;
  readonly #surroundings: FeedSurroundings;
  readonly #open = new Map<string, OpenFeed>();
  readonly #opening = new Map<string, Promise<StreamFeed | undefined>>();

  constructor(
    bus: Bus,
    reads: Reads,
    {
      replayEvents = limits.replayEvents,
      ...hooks
    }: Pick<FeedSurroundings, "deliver" | "onError"> &
      Partial<Pick<FeedSurroundings, "replayEvents">>,
  ) {
    this.#bus = bus;
    this.reads = new ResumeReads(reads);
    this.#headOf = gathered((streams) => reads.heads(streams));
    this.#surroundings = {
      ...hooks,
      replayEvents,
      memory: this.#memory,
      readAgain: async (stream, range) => {
        const found = await this.reads.events(stream, range);
        // Before it is kept: many come back in one turn, and of all of them
        // only what one question brings may be too much for a moment.
        this.#bound();
        return found;
      },
      read: (stream, range) =>
        reads.eventsAfter(stream, { ...range, max: eventsPerRead }),
    };
  }

  get size(): number {
    return this.#open.size;
  }

  /** Bytes of recent events that are kept, of all feeds together. */
  get keptBytes(): number {
    return this.#memory.bytes;
  }

  /** The streams whose feeds are open. */
  streams(): Iterable<string> {
    return this.#open.keys();
  }

  /** The feed as it stands, for who watches it and is no reason to keep it. */
  peek(stream: string): StreamFeed | undefined {
    return this.#open.get(stream)?.feed;
  }

  /** The feed, when it is open already. */
  get(stream: string): StreamFeed | undefined {
    const open = this.#open.get(stream);
    if (open === undefined) return undefined;
    open.feed.usedAt = performance.now();
    return open.feed;
  }

  /** The feed, opened if need be; undefined when there is no such stream. */
  open(stream: string): Promise<StreamFeed | undefined> | StreamFeed {
    const open = this.get(stream);
    if (open !== undefined) return open;
    let opening = this.#opening.get(stream);
    if (opening === undefined) {
      opening = this.#start(stream).finally(() => {
        this.#opening.delete(stream);
      });
      this.#opening.set(stream, opening);
    }
    return opening;
  }

  /** Closes what nobody has followed for a while. Called every few seconds. */
  sweep(isFollowed: (stream: string) => boolean): void {
    const now = performance.now();
    for (const [stream, { feed }] of this.#open) {
      if (isFollowed(stream)) feed.usedAt = now;
      else if (now - feed.usedAt > idleMsMax) this.close(stream);
      if (now - feed.recalledAt > recalledMsMax) feed.recent.settle();
    }
    this.#bound();
  }

  /** Forgets what was used longest ago when all feeds keep too much together. */
  #bound(): void {
    if (this.#memory.bytes <= memoryBytesMax) return;
    const feeds = Array.from(this.#open.values(), ({ feed }) => feed);
    feeds.sort((one, other) => one.usedAt - other.usedAt);
    for (const { recent } of feeds) {
      if (this.#memory.bytes <= memoryBytesLeft) return;
      recent.forget();
    }
  }

  close(stream: string): void {
    const open = this.#open.get(stream);
    open?.stop();
    open?.feed.close();
    this.#open.delete(stream);
  }

  [Symbol.dispose](): void {
    for (const stream of [...this.#open.keys()]) this.close(stream);
  }

  async #start(stream: string): Promise<StreamFeed | undefined> {
    // First hear, then read the head: an event in between is heard and counted
    // in the head at worst, never missed.
    const early: CommittedEvent[] = [];
    let missed = 0;
    let hear: StreamListener = (events) => {
      for (const event of events) {
        if (early.length < earlyMax) early.push(event);
        else missed = Math.max(missed, event.event.seq);
      }
    };
    const following = this.#bus.follow(stream, (events) => {
      hear(events);
    });
    const stop = following instanceof Promise ? await following : following;
    let head: number | undefined;
    try {
      head = await this.#headOf(stream);
    } finally {
      // No such stream, or no answer: then there is nothing to hear either.
      if (head === undefined) stop();
    }
    if (head === undefined) return undefined;
    const feed = new StreamFeed(stream, head, this.#surroundings);
    hear = (events) => {
      feed.hear(events);
    };
    this.#open.set(stream, { feed, stop });
    feed.hear(early);
    // It says by itself when that fails, and goes on trying.
    if (missed > feed.last) feed.reach(missed).catch(() => undefined);
    return feed;
  }
}
