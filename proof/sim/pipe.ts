import type { Random } from "./random.ts";
import type { Due, Owner, VirtualTime } from "./virtual-time.ts";

/** How bytes travel on a line. */
export interface Weather {
  /** Ms from one end to the other, at least … */
  latencyMs: number;
  /** … and so much more by chance. */
  jitterMs: number;
}

interface Parcel<What> {
  what: What;
  bytes: number;
  at: number;
}

/**
 * One direction of a TCP connection: what is put in comes out whole, in order
 * and later, or not at all once it is cut. Frames are never handed over in
 * part, so a cut in the middle of one loses that one and all behind it.
 */
export class Pipe<What> {
  /** Bytes that are on their way, or wait because it is stalled. */
  waitingBytes = 0;
  readonly #time: VirtualTime;
  readonly #random: Random;
  readonly #weather: Weather;
  /** Nobody's process: the way goes on while both ends stand still. */
  readonly #network: Owner;
  readonly #receiver: () => Owner;
  readonly #arrived: (what: What) => void;
  #parcels: Parcel<What>[] = [];
  #lastAt = 0;
  #next: Due | undefined;
  #isStalled = false;
  #isCut = false;
  #bytesLeft = Infinity;
  #onSpent: () => void = () => undefined;

  constructor(parts: {
    time: VirtualTime;
    random: Random;
    weather: Weather;
    network: Owner;
    receiver: () => Owner;
    arrived: (what: What) => void;
  }) {
    this.#time = parts.time;
    this.#random = parts.random;
    this.#weather = parts.weather;
    this.#network = parts.network;
    this.#receiver = parts.receiver;
    this.#arrived = parts.arrived;
  }

  get isStalled(): boolean {
    return this.#isStalled;
  }

  put(what: What, bytes: number): void {
    if (this.#isCut) return;
    if (bytes > this.#bytesLeft) {
      this.cut();
      this.#onSpent();
      return;
    }
    this.#bytesLeft -= bytes;
    const { latencyMs, jitterMs } = this.#weather;
    const at = this.#time.now + latencyMs + this.#random.share() * jitterMs;
    this.#lastAt = Math.max(this.#lastAt, at);
    this.#parcels.push({ what, bytes, at: this.#lastAt });
    this.waitingBytes += bytes;
    this.#schedule();
  }

  /** After so many more bytes it is cut; `spent` hears of it. */
  cutAfter(bytes: number, spent: () => void): void {
    this.#bytesLeft = bytes;
    this.#onSpent = spent;
  }

  /** It will not be cut after all. */
  spare(): void {
    this.#bytesLeft = Infinity;
  }

  /** Nothing comes out any more, also of what is on its way. */
  cut(): void {
    this.#isCut = true;
    this.#parcels = [];
    this.#time.cancel(this.#next);
    this.#next = undefined;
  }

  stall(): void {
    this.#isStalled = true;
    this.#time.cancel(this.#next);
    this.#next = undefined;
  }

  flow(): void {
    if (!this.#isStalled) return;
    this.#isStalled = false;
    this.#schedule();
  }

  #schedule(): void {
    const first = this.#parcels[0];
    if (first === undefined || this.#isStalled || this.#next !== undefined)
      return;
    const ms = first.at - this.#time.now;
    this.#next = this.#time.after(ms, this.#comeOut, this.#network);
  }

  readonly #comeOut = (): void => {
    this.#next = undefined;
    const parcel = this.#parcels.shift();
    if (parcel === undefined) return;
    this.waitingBytes -= parcel.bytes;
    const receiver = this.#receiver();
    const { what } = parcel;
    if (receiver.isFrozen) {
      this.#time.after(0, () => this.#arrived(what), receiver);
    } else if (!receiver.isDead) {
      this.#time.run(receiver, () => {
        this.#arrived(what);
      });
    }
    this.#schedule();
  };
}
