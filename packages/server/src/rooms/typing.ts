import { limits } from "@parley/protocol";
import type { Bus } from "../bus/bus.ts";
import type { Reads } from "../store/store.ts";
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

/** Less than this nobody sees. */
const noticedMs = 100;

/** By room, who types in it. */
type Typists = Map<string, Set<string>>;

/**
 * Who is typing where: gathered for half a second, then told in one signal.
 * Never stored; it ends by itself at the receiver after `ttlMs`.
 */
export class Typing {
  readonly #bus: Bus;
  readonly #speakers: Reads["speakers"] | undefined;
  #gathered: Typists = new Map();
  /** Of whom it is being asked whether they might say what they type. */
  readonly #asking = new Set<Typists>();
  readonly #heardAt = new Map<string, number>();
  #telling: ReturnType<typeof setTimeout> | undefined;

  /** `speakers` says who of these might say something; without it, everybody. */
  constructor(bus: Bus, speakers?: Reads["speakers"]) {
    this.#bus = bus;
    this.#speakers = speakers;
  }

  hear(stream: string, person: string): void {
    const now = performance.now();
    const key = `${stream} ${person}`;
    const heardAt = this.#heardAt.get(key);
    if (heardAt !== undefined && now - heardAt < perPersonMs) return;
    this.#heardAt.set(key, now);
    if (this.#gathered.size === 0) this.#tellIn(coalesceMs);
    addTo(this.#gathered, stream, person);
  }

  /**
   * Who has just said something is not typing it any more, nor is who was taken
   * out of the room; what they type next is news.
   */
  ended(stream: string, events: readonly EncodedEvent[]): void {
    if (this.#heardAt.size + this.#asking.size === 0) return;
    for (const { by, removes } of events) {
      for (const person of removes === undefined ? [by] : [by, removes]) {
        this.#heardAt.delete(`${stream} ${person}`);
        this.#gathered.get(stream)?.delete(person);
        for (const typists of this.#asking) typists.get(stream)?.delete(person);
      }
    }
  }

  /** What is remembered; nothing, soon after the last word. */
  get size(): number {
    return this.#gathered.size + this.#asking.size + this.#heardAt.size;
  }

  #tellIn(ms: number): void {
    clearTimeout(this.#telling);
    this.#telling = setTimeout(() => {
      this.#tell(performance.now());
    }, ms);
  }

  #tell(now: number): void {
    const typists = this.#gathered;
    this.#gathered = new Map();
    if (this.#speakers === undefined) this.#signal(typists, ttlMs);
    else if (typists.size > 0) void this.#askAbout(typists, this.#speakers);
    for (const [key, heardAt] of this.#heardAt) {
      if (now - heardAt >= perPersonMs) this.#heardAt.delete(key);
    }
    // Nothing to tell then, unless somebody types; but something to forget.
    if (this.#heardAt.size > 0) this.#tellIn(perPersonMs);
  }

  /**
   * Who is blocked, or may only read, must not show that they type either. One
   * question for all of them, while nobody waits for it.
   */
  async #askAbout(typists: Typists, ask: Reads["speakers"]): Promise<void> {
    this.#asking.add(typists);
    const since = performance.now();
    try {
      const asked = [...typists].flatMap(([stream, people]) =>
        Array.from(people, (person) => ({ stream, person })),
      );
      const allowed: Typists = new Map();
      for (const { stream, person } of await ask(asked)) {
        // They may have said it meanwhile, or been taken out.
        if (typists.get(stream)?.has(person) !== true) continue;
        addTo(allowed, stream, person);
      }
      const waitedMs = performance.now() - since;
      // What a slow store took is time that they may be gone (S-4).
      const lateMs = Math.floor(waitedMs / noticedMs) * noticedMs;
      if (lateMs < ttlMs) this.#signal(allowed, ttlMs - lateMs);
    } catch {
      // It is only said and forgotten; that the store is away is told elsewhere.
    } finally {
      this.#asking.delete(typists);
    }
  }

  #signal(typists: Typists, holdsMs: number): void {
    for (const [stream, people] of typists) {
      if (people.size === 0) continue;
      this.#bus.signal(stream, {
        type: "typing",
        stream,
        by: [...people],
        ttlMs: holdsMs,
      });
    }
  }
}

function addTo(typists: Typists, stream: string, person: string): void {
  const people = typists.get(stream);
  if (people) people.add(person);
  else typists.set(stream, new Set([person]));
}
