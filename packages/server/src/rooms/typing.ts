import { limits } from "@parley/protocol";
import type { Bus } from "../bus/bus.ts";
import type { EncodedEvent } from "./encoded-event.ts";

/** Typists of one room are told together, at most this often. */
const coalesceMs = 500;

/**
 * How long it holds after it was told: with the time that it was gathered in,
 * nobody is shown as typing for more than six seconds after they vanished (S-4).
 */
const ttlMs = limits.typingMs - coalesceMs;

/** A person's typing in a room is heard this often at most. */
const perPersonMs = limits.typingEveryMs - 500;

/**
 * Who is typing where: gathered for half a second, then told in one signal.
 * Never stored; it ends by itself at the receiver after `ttlMs`.
 */
export class Typing {
  readonly #bus: Bus;
  readonly #gathered = new Map<string, Set<string>>();
  readonly #heardAt = new Map<string, number>();
  #telling: ReturnType<typeof setTimeout> | undefined;

  constructor(bus: Bus) {
    this.#bus = bus;
  }

  hear(stream: string, person: string): void {
    const now = performance.now();
    const key = `${stream} ${person}`;
    const heardAt = this.#heardAt.get(key);
    if (heardAt !== undefined && now - heardAt < perPersonMs) return;
    this.#heardAt.set(key, now);
    if (this.#gathered.size === 0) this.#tellIn(coalesceMs);
    let people = this.#gathered.get(stream);
    if (people === undefined) {
      people = new Set();
      this.#gathered.set(stream, people);
    }
    people.add(person);
  }

  /**
   * Who has just said something is not typing it any more, nor is who was taken
   * out of the room; what they type next is news.
   */
  ended(stream: string, events: readonly EncodedEvent[]): void {
    if (this.#heardAt.size === 0) return;
    const people = this.#gathered.get(stream);
    for (const { by, removes } of events) {
      for (const person of removes === undefined ? [by] : [by, removes]) {
        this.#heardAt.delete(`${stream} ${person}`);
        people?.delete(person);
      }
    }
  }

  /** What is remembered; nothing, soon after the last word. */
  get size(): number {
    return this.#gathered.size + this.#heardAt.size;
  }

  #tellIn(ms: number): void {
    clearTimeout(this.#telling);
    this.#telling = setTimeout(() => {
      this.#tell(performance.now());
    }, ms);
  }

  #tell(now: number): void {
    for (const [stream, people] of this.#gathered) {
      if (people.size === 0) continue;
      this.#bus.signal(stream, {
        type: "typing",
        stream,
        by: [...people],
        ttlMs,
      });
    }
    this.#gathered.clear();
    for (const [key, heardAt] of this.#heardAt) {
      if (now - heardAt >= perPersonMs) this.#heardAt.delete(key);
    }
    // Nothing to tell then, unless somebody types; but something to forget.
    if (this.#heardAt.size > 0) this.#tellIn(perPersonMs);
  }
}
