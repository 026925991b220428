import type { EncodedEvent } from "./encoded-event.ts";

/**
 * The shortest time between two frames of one stream. A write to a socket costs
 * the kernel as much for ten messages as for one, so under load this is the
 * largest saving there is; a quiet room never waits for it.
 */
export const frameEveryMs = 10;

/**
 * Gathers a stream's events into frames: the first goes out at once, those that
 * come within the next 10 ms go out together at their end.
 */
export class Coalescer {
  readonly #send: (events: readonly EncodedEvent[]) => void;
  #waiting: EncodedEvent[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #sentAt = -Infinity;

  constructor(send: (events: readonly EncodedEvent[]) => void) {
    this.#send = send;
  }

  add(events: readonly EncodedEvent[]): void {
    for (const event of events) this.#waiting.push(event);
    if (this.#timer !== undefined) return;
    const waitMs = this.#sentAt + frameEveryMs - performance.now();
    if (waitMs <= 0) this.flush();
    else this.#timer = setTimeout(this.flush, waitMs);
  }

  /**
   * Sends what waits, now: before somebody new subscribes (they have it from
   * the replay and would get it twice), and before somebody is removed.
   */
  readonly flush = (): void => {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#waiting.length === 0) return;
    const events = this.#waiting;
    this.#waiting = [];
    this.#sentAt = performance.now();
    this.#send(events);
  };
}
