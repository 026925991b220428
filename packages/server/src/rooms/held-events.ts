import type { EncodedEvent } from "./encoded-event.ts";

/** More than this is not kept: then the store is read at once. */
const eventsMax = 256;
const bytesMax = 262_144;

/** Events of one stream that came before their turn, by number. */
export class HeldEvents {
  /** Whether something had to be left out since it was last empty. */
  isFull = false;
  readonly #events = new Map<number, EncodedEvent>();
  #bytes = 0;

  get size(): number {
    return this.#events.size;
  }

  add(event: EncodedEvent): void {
    if (this.#events.has(event.seq)) return;
    if (
      this.#events.size >= eventsMax ||
      this.#bytes + event.bytes > bytesMax
    ) {
      this.isFull = true;
      return;
    }
    this.#events.set(event.seq, event);
    this.#bytes += event.bytes;
  }

  /** Whose turn it is with this number, if it is here; then it is no longer. */
  take(seq: number): EncodedEvent | undefined {
    const event = this.#events.get(seq);
    if (event !== undefined) this.#drop(event);
    return event;
  }

  /** Forgets what came by another way, up to this number. */
  forgetUpTo(seq: number): void {
    for (const event of this.#events.values()) {
      if (event.seq <= seq) this.#drop(event);
    }
  }

  /** The highest number up to `seq` that is not here. */
  highestMissing(seq: number): number {
    let missing = seq;
    while (this.#events.has(missing)) missing -= 1;
    return missing;
  }

  #drop(event: EncodedEvent): void {
    this.#events.delete(event.seq);
    this.#bytes -= event.bytes;
    this.isFull = false;
  }
}
