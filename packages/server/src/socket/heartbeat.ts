import { closeCodes, limits } from "@parley/protocol";
import type { Publisher } from "../rooms/follower.ts";
import { heartbeatTopic } from "../rooms/topics.ts";
import { Backlogs } from "./backlogs.ts";
import type { Ws } from "./socket.ts";

const slots = limits.pingMs / 1000;

const topics = Array.from({ length: slots }, (_, slot) => heartbeatTopic(slot));

/** A ping is answered within 10 seconds; one more for the way. */
const answerSeconds = 11;

/** Half a connection that never says hello is closed after this. */
const helloSeconds = limits.helloMs / 1000;

/** What the wheel shares with the sockets: plain fields, because both are on the path of every frame. */
export interface HeartbeatClock {
  /** Seconds since the start: cheaper than asking a clock per frame. */
  seconds: number;
  /** Set by whoever sends. A second in which nothing was sent makes nobody slow. */
  hasSent: boolean;
}

/**
 * One wheel for all sockets instead of a timer for each. Every socket has one
 * of 25 slots; each second one slot is pinged by a single publish, and the slot
 * that was pinged eleven seconds ago is swept of those that were not heard
 * since: gone at most 36 seconds after their last word, also while data flows
 * to them (Bun's own idle timeout would let those live).
 */
export class Heartbeat {
  readonly clock: HeartbeatClock = { seconds: 0, hasSent: false };
  readonly #slots = Array.from({ length: slots }, () => new Set<Ws>());
  readonly #pingedAt = new Array<number>(slots).fill(0);
  /** Sockets of the last ten seconds, oldest first: each has to say hello. */
  readonly #newcomers = new Map<Ws, number>();
  readonly #backlogs = new Backlogs();
  readonly #publisher: Publisher;
  readonly #checkSession: (ws: Ws) => void;
  #nextSlot = 0;

  /** `checkSession` ends the socket if its session is over; asked of each every 25 seconds. */
  constructor(publisher: Publisher, checkSession: (ws: Ws) => void) {
    this.#publisher = publisher;
    this.#checkSession = checkSession;
  }

  /** The slot for a new socket: in turn, so that all are of one size. */
  takeSlot(): number {
    this.#nextSlot = (this.#nextSlot + 1) % slots;
    return this.#nextSlot;
  }

  add(ws: Ws): void {
    this.#slots[ws.data.slot]?.add(ws);
    if (!ws.data.socket.speaksParley) return;
    ws.subscribe(topics[ws.data.slot] ?? "");
    this.#newcomers.set(ws, this.clock.seconds);
  }

  remove(ws: Ws): void {
    this.#slots[ws.data.slot]?.delete(ws);
    this.#newcomers.delete(ws);
    this.#backlogs.forget(ws);
  }

  get count(): number {
    return this.#slots.reduce((sum, slot) => sum + slot.size, 0);
  }

  /** All sockets, slot by slot. */
  *sockets(): Iterable<{ slot: number; ws: Ws }> {
    for (const [slot, sockets] of this.#slots.entries()) {
      for (const ws of sockets) yield { slot, ws };
    }
  }

  /** Once a second. */
  tick(): void {
    this.clock.seconds += 1;
    const { seconds } = this.clock;
    const { hasSent } = this.clock;
    this.#ping(seconds % slots, seconds);
    // Pings are small and answered: they are not what a reader is slow with.
    this.clock.hasSent = hasSent;
    this.#sweep((seconds + slots - answerSeconds) % slots);
    for (const [ws, since] of this.#newcomers) {
      if (seconds - since <= helloSeconds) break;
      this.#newcomers.delete(ws);
      const { socket } = ws.data;
      if (socket.isGreeted) continue;
      socket.close(closeCodes.unauthenticated, "no hello in time");
    }
    if (this.clock.hasSent || this.#backlogs.slow > 0) {
      this.#backlogs.look(this.#slots, seconds);
    }
    this.clock.hasSent = false;
  }

  #ping(slot: number, seconds: number): void {
    this.#pingedAt[slot] = seconds;
    this.#publisher.publish(topics[slot] ?? "", '{"type":"ping"}');
    for (const ws of this.#slots[slot] ?? []) {
      if (!ws.data.socket.speaksParley) ws.ping();
    }
  }

  #sweep(slot: number): void {
    const pingedAt = this.#pingedAt[slot] ?? 0;
    if (pingedAt === 0) return;
    for (const ws of this.#slots[slot] ?? []) {
      if (ws.data.socket.heardAt < pingedAt) ws.data.socket.terminate();
      else this.#checkSession(ws);
    }
  }

  /** What is remembered of sockets; all of it is nothing once they are gone. */
  get held(): { sockets: number; newcomers: number; slow: number } {
    const { count: sockets } = this;
    const { size: newcomers } = this.#newcomers;
    return { sockets, newcomers, slow: this.#backlogs.slow };
  }

  /** Who would be pinged, as Bun knows it. */
  get pinged(): number {
    return topics.reduce(
      (sum, topic) => sum + this.#publisher.subscriberCount(topic),
      0,
    );
  }
}
