import { closeCodes } from "@parley/protocol";
import type { Ws } from "./socket.ts";

/** Above this backlog a reader is slow: no replay, no signals … */
export const farBehindBytes = 262_144;

/** … and is closed when it has made no progress for so long. */
const slowSeconds = 10;

/** What all sockets together may have waiting in this process. */
const allBytesMax = 67_108_864;

/**
 * What peers have not taken yet, looked at once a second: nothing is counted
 * per message. A slow reader harms only itself (P14), and many of them do not
 * take the memory of all others.
 */
export class Backlogs {
  readonly #slow = new Map<Ws, { since: number; bytes: number }>();

  /** How many are far behind. */
  get slow(): number {
    return this.#slow.size;
  }

  forget(ws: Ws): void {
    this.#slow.delete(ws);
  }

  look(slots: readonly ReadonlySet<Ws>[], seconds: number): void {
    let all = 0;
    for (const slot of slots) {
      for (const ws of slot) {
        const bytes = ws.getBufferedAmount();
        all += bytes;
        if (bytes >= farBehindBytes) this.#judge(ws, bytes, seconds);
        else if (this.#slow.size > 0 && this.#slow.delete(ws)) {
          ws.data.socket.releaseSignals();
        }
      }
    }
    if (all > allBytesMax) this.#relieve(slots, all);
  }

  #judge(ws: Ws, bytes: number, seconds: number): void {
    const slow = this.#slow.get(ws);
    // Each time: a drain between two looks may have released them.
    ws.data.socket.holdSignals();
    if (slow === undefined || bytes < slow.bytes) {
      this.#slow.set(ws, { since: seconds, bytes });
    } else if (seconds - slow.since >= slowSeconds) {
      this.#slow.delete(ws);
      ws.data.socket.close(closeCodes.slowReader);
    }
  }

  /**
   * The deepest go first, without a word: a close frame would have to wait
   * behind what they do not read.
   */
  #relieve(slots: readonly ReadonlySet<Ws>[], all: number): void {
    const waiting: { ws: Ws; bytes: number }[] = [];
    for (const slot of slots) {
      for (const ws of slot) {
        const bytes = ws.getBufferedAmount();
        if (bytes > 0) waiting.push({ ws, bytes });
      }
    }
    waiting.sort((one, other) => other.bytes - one.bytes);
    for (const { ws, bytes } of waiting) {
      if (all <= allBytesMax) return;
      all -= bytes;
      this.#slow.delete(ws);
      ws.data.socket.terminate();
    }
  }
}
