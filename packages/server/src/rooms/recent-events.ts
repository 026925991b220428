import type { CommittedEvent } from "../store/store.ts";
import { encode, type EncodedEvent } from "./encoded-event.ts";

/** What one delivery may keep for those who come a little late. */
const eventsMax = 256;
const bytesMax = 65_536;

/** What is kept while people come back who are further behind. */
const recalledBytesMax = 262_144;

/** Deletions that are remembered for reads that began before them. */
const deletedMax = 1_000;

/** An event as a replay needs it. */
export type RecentEvent = Pick<EncodedEvent, "seq" | "text" | "bytes"> & {
  by: string;
};

/** The newest events as one text, with who said them. */
export interface RecentPage {
  text: string;
  authors: readonly string[];
}

/** How much the recent events of all feeds hold together. */
export interface RecentMemory {
  bytes: number;
}

/**
 * The newest events of a stream, without a hole, up to `last`: what was handed
 * on, and, while a crowd comes back, some that were read again, so that the
 * store is asked once and not once per client (P13).
 */
export class RecentEvents {
  /** The highest number handed on, or about to be. */
  last: number;
  readonly #memory: RecentMemory;
  #events: RecentEvent[] = [];
  #bytes = 0;
  #eventsMax = eventsMax;
  #bytesMax = bytesMax;
  /** Made for the first who starts anew, and the same for those who follow. */
  #page: RecentPage | undefined;
  /** Cursors below have been found too far away to be kept for. */
  #reach = 0;
  /** Messages that are deleted: what was read before that is not let in after it. */
  readonly #deleted = new Set<number>();

  constructor(last: number, memory: RecentMemory) {
    this.last = last;
    this.#memory = memory;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** The number before the first that is at hand. */
  get floor(): number {
    return this.last - this.#events.length;
  }

  /** Whether the events after `cursor` are all at hand. */
  covers(cursor: number): boolean {
    return cursor <= this.last && cursor >= this.floor;
  }

  /** The events after `cursor`; only after `covers(cursor)`. */
  after(cursor: number): readonly RecentEvent[] {
    return this.#events.slice(this.#events.length - (this.last - cursor));
  }

  /** The next ones. */
  add(events: readonly EncodedEvent[]): void {
    const newest = events.at(-1);
    if (newest === undefined) return;
    this.last = newest.seq;
    if (this.#page !== undefined) this.#dropPage();
    let all = 0;
    for (const { seq, text, bytes, by } of events) {
      // Without the event itself, which only live delivery needs: it takes
      // more than its text.
      this.#events.push({ seq, text, bytes, by });
      all += bytes;
    }
    this.#count(all);
    for (const { deletes } of events) {
      if (deletes !== undefined) this.#delete(deletes);
    }
    this.#trim();
  }

  /** The page that ends at `last`, built once for all who want it until more comes. */
  page(build: () => RecentPage): RecentPage {
    if (this.#page === undefined) {
      this.#page = build();
      this.#count(this.#page.text.length);
    }
    return this.#page;
  }

  /** Whether reading again could bring everything after `cursor` to hand. */
  canRecall(cursor: number): boolean {
    return cursor < this.floor && cursor >= this.#reach;
  }

  /** From now on so many are kept, for those who come back. */
  deepen(events: number): void {
    this.#eventsMax = Math.max(this.#eventsMax, events);
    this.#bytesMax = recalledBytesMax;
  }

  /** The crowd is back: no more is kept than on any other day. */
  settle(): void {
    this.#eventsMax = eventsMax;
    this.#bytesMax = bytesMax;
    this.#dropPage();
    this.#trim();
  }

  /**
   * Older ones, read again: as many of the newest as there is room for. Those
   * that do not join what is at hand are left alone.
   */
  prepend(older: readonly CommittedEvent[]): void {
    const missing: RecentEvent[] = [];
    let { floor } = this;
    let bytes = this.#bytes;
    for (let index = older.length - 1; index >= 0; index -= 1) {
      const committed = older[index];
      if (committed === undefined || committed.event.seq > floor) continue;
      if (committed.event.seq < floor) break;
      const { seq, text, bytes: size, by } = encode(this.asKnown(committed));
      const isFull =
        missing.length + this.#events.length >= this.#eventsMax ||
        bytes + size > this.#bytesMax;
      if (isFull) break;
      missing.push({ seq, text, bytes: size, by });
      bytes += size;
      floor -= 1;
    }
    this.#events = [...missing.reverse(), ...this.#events];
    this.#count(bytes - this.#bytes);
  }

  /** What was read of the store, without a text that is known to be deleted since. */
  asKnown(committed: CommittedEvent): CommittedEvent {
    const isDeleted = this.#deleted.has(committed.event.seq);
    return isDeleted ? withoutText(committed) : committed;
  }

  /** What is further away than what is at hand now is not tried again. */
  giveUpBelow(): void {
    this.#reach = this.floor;
  }

  /** Nothing is kept, until more comes. */
  forget(): void {
    this.#events = [];
    this.#page = undefined;
    this.#count(-this.#bytes);
  }

  /** The text of a deleted message is nowhere any more, here neither. */
  #delete(seq: number): void {
    this.#deleted.add(seq);
    if (this.#deleted.size > deletedMax) {
      const [oldest = 0] = this.#deleted;
      this.#deleted.delete(oldest);
    }
    const index = seq - this.floor - 1;
    const kept = this.#events[index];
    if (kept === undefined) return;
    const emptied = emptyText(kept);
    this.#events[index] = emptied;
    this.#count(emptied.bytes - kept.bytes);
  }

  #dropPage(): void {
    this.#count(-(this.#page?.text.length ?? 0));
    this.#page = undefined;
  }

  #count(bytes: number): void {
    this.#bytes += bytes;
    this.#memory.bytes += bytes;
  }

  #trim(): void {
    while (
      this.#events.length > this.#eventsMax ||
      this.#bytes > this.#bytesMax
    ) {
      this.#count(-(this.#events.shift()?.bytes ?? 0));
    }
  }
}

function emptyText(kept: RecentEvent): RecentEvent {
  const event = JSON.parse(kept.text) as object;
  if (!("text" in event)) return kept;
  const text = JSON.stringify({ ...event, text: "", deleted: true });
  return { ...kept, text, bytes: Buffer.byteLength(text) };
}

function withoutText(committed: CommittedEvent): CommittedEvent {
  const { event } = committed;
  if (event.type !== "message.posted") return committed;
  return { ...committed, event: { ...event, text: "", deleted: true } };
}
