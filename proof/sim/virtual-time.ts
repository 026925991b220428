import { drainMicrotasks } from "bun:jsc";
import { DueHeap, type Dated } from "./due-heap.ts";

/** A timer of the virtual machine: also what setTimeout returns there. */
export interface Due extends Dated {
  owner: Owner;
  /** Null once it was cancelled. */
  call: (() => void) | null;
  /** An interval comes again after so long. */
  everyMs: number;
}

/**
 * What stops and dies as a whole: a server process, a page, the network. What
 * it does, and whatever follows from that, is done in its name.
 */
export class Owner {
  readonly name: string;
  /** By how much its wall clock is wrong. */
  wallOffsetMs = 0;
  #isDead = false;
  #isFrozen = false;
  #held: Due[] = [];

  constructor(name: string) {
    this.name = name;
  }

  get isDead(): boolean {
    return this.#isDead;
  }

  get isFrozen(): boolean {
    return this.#isFrozen;
  }

  /** From here on nothing of it happens any more: kill -9, or a closed tab. */
  die(): void {
    this.#isDead = true;
    this.#held = [];
  }

  /** It stands still, as under SIGSTOP: what would happen, waits. */
  freeze(): void {
    this.#isFrozen = true;
  }

  hold(due: Due): void {
    this.#held.push(due);
  }

  /** It goes on; returns what waited, in order. */
  thaw(): Due[] {
    this.#isFrozen = false;
    const held = this.#held;
    this.#held = [];
    return held;
  }
}

/** When virtual time begins, by the wall clock: all runs at the same moment. */
const wallStart = 1_792_051_200_000;

/**
 * Time that passes only from one happening to the next, however long that
 * takes. One step is what a turn of the event loop is: a call, and every
 * microtask that follows from it.
 */
export class VirtualTime {
  /** Ms since the beginning of the run. */
  now = 0;
  /** Steps so far. */
  steps = 0;
  /** The owner in whose name something happens just now. */
  owner = new Owner("nobody");
  /** Hears what was thrown and caught by nobody. */
  onThrown: (error: unknown, owner: Owner) => void = (error) => {
    throw error;
  };
  readonly #due = new DueHeap<Due>();
  #order = 0;

  /** Everything that waits is forgotten: a new run begins. */
  reset(): void {
    this.now = 0;
    this.steps = 0;
    this.#order = 0;
    this.#due.clear();
    this.owner = new Owner("nobody");
  }

  /** The wall clock, as the present owner's machine has it. */
  wall(): number {
    return Math.floor(wallStart + this.now + this.owner.wallOffsetMs);
  }

  after(ms: number, call: () => void, owner: Owner = this.owner): Due {
    // No real timer is early, and none takes what is no number for one.
    const at = this.now + (ms > 0 ? ms : 0);
    this.#order += 1;
    const due: Due = { at, order: this.#order, owner, call, everyMs: 0 };
    this.#due.add(due);
    return due;
  }

  every(ms: number, call: () => void): Due {
    const due = this.after(ms, call);
    due.everyMs = Math.max(ms, 1);
    return due;
  }

  cancel(due: Due | null | undefined): void {
    if (due !== null && due !== undefined) due.call = null;
  }

  thaw(owner: Owner): void {
    for (const due of owner.thaw()) {
      due.at = this.now;
      this.#order += 1;
      due.order = this.#order;
      this.#due.add(due);
    }
  }

  /** Does something in the name of an owner, now, with all that follows at once. */
  run(owner: Owner, call: () => void): void {
    const before = this.owner;
    this.owner = owner;
    try {
      call();
    } catch (error) {
      this.onThrown(error, owner);
    }
    drainMicrotasks();
    this.owner = before;
  }

  /** Lets time pass up to this moment. */
  pass(until: number): void {
    for (;;) {
      const due = this.#due.first();
      if (due === undefined || due.at > until) break;
      this.#due.take();
      if (due.call === null || due.owner.isDead) continue;
      if (due.at > this.now) this.now = due.at;
      if (due.owner.isFrozen) {
        due.owner.hold(due);
        continue;
      }
      this.#step(due, due.call);
    }
    this.now = until;
  }

  #step(due: Due, call: () => void): void {
    this.steps += 1;
    if (due.everyMs === 0) due.call = null;
    this.run(due.owner, call);
    if (due.everyMs === 0 || due.call === null) return;
    due.at = this.now + due.everyMs;
    this.#order += 1;
    due.order = this.#order;
    this.#due.add(due);
  }
}
