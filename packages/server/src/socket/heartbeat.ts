import { closeCodes, limits } from "@parley/protocol";
import type { Publisher } from "../rooms/follower.ts";
import { heartbeatTopic } from "../rooms/topics.ts";
import type { Ws } from "./socket.ts";

const slots = limits.pingMs / 1000;

const topics = Array.from({ length: slots }, (_, slot) => heartbeatTopic(slot));

/** A ping is answered within 10 seconds; one more for the way. */
const answerSeconds = 11;

/** Half a connection that never says hello is closed after this. */
const helloSeconds = limits.helloMs / 1000;

/** Above this backlog a reader is slow … */
const slowBytes = 262_144;

/** … and is closed when it has not caught up for so long. */
const slowSeconds = 10;

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
  readonly #slow = new Map<Ws, { since: number; bytes: number }>();
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
    this.#slow.delete(ws);
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
    if (this.clock.hasSent || this.#slow.size > 0) {
      this.#endSlowReaders(seconds);
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

  /** A slow reader harms only itself: it is closed, and resumes when it comes back (P14). */
  #endSlowReaders(seconds: number): void {
    for (const slot of this.#slots) {
      for (const ws of slot) {
        const bytes = ws.getBufferedAmount();
        if (bytes >= slowBytes) this.#judge(ws, bytes, seconds);
        else if (this.#slow.size > 0) this.#slow.delete(ws);
      }
    }
  }

  #judge(ws: Ws, bytes: number, seconds: number): void {
    const slow = this.#slow.get(ws);
    if (slow === undefined || bytes < slow.bytes) {
      this.#slow.set(ws, { since: seconds, bytes });
    } else if (seconds - slow.since >= slowSeconds) {
      this.#slow.delete(ws);
      ws.data.socket.close(closeCodes.slowReader);
    }
  }
}
