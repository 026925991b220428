import type { History } from "../history/history.ts";
import type { HistoryRecord } from "../history/record.ts";

/** Counts what goes into a history, and knows what is still on its way. */
export class Tally implements History {
  wrote = 0;
  acknowledged = 0;
  failed = 0;
  welcomes = 0;
  readonly #into: History;
  /** By cid, as `key` names it. */
  readonly #waiting = new Map<string, string>();
  readonly #counts = new Map<string, number>();
  /** Read marks that were moved and not confirmed, by person and room. */
  readonly #marks = new Map<string, number>();

  constructor(into: History) {
    this.#into = into;
  }

  record(record: HistoryRecord): void {
    this.#into.record(record);
    if (record.k === "wrote") {
      this.wrote += 1;
      this.#add(record.cid, key(record.c, record.stream));
    } else if (record.k === "ok") {
      if (this.#remove(record.cid)) this.acknowledged += 1;
    } else if (record.k === "failed") {
      this.failed += 1;
      this.#remove(record.cid);
    } else if (record.k === "welcome") {
      this.welcomes += 1;
    } else if (record.k === "marked") {
      this.#confirm(key(record.p, record.stream), record.seq);
    } else if (record.k === "crash") {
      // What it had not kept is gone; whatever comes of the rest, comes.
      for (const at of [...this.#marks.keys()]) {
        if (at.startsWith(`${record.p} `)) this.#marks.delete(at);
      }
      for (const [cid, at] of this.#waiting) {
        if (at.startsWith(`${record.c} `)) this.#remove(cid);
      }
    }
  }

  /** Messages that a device has written into a room and that are not stored. */
  waiting(device: string, stream: string): number {
    return this.#counts.get(key(device, stream)) ?? 0;
  }

  /** Somebody reads up to here. */
  marks(person: string, stream: string, seq: number): void {
    this.#marks.set(key(person, stream), seq);
  }

  /** Marks of which nobody knows yet that they are stored. */
  get marking(): number {
    return this.#marks.size;
  }

  #confirm(at: string, seq: number): void {
    if ((this.#marks.get(at) ?? Infinity) <= seq) this.#marks.delete(at);
  }

  #add(cid: string, at: string): void {
    this.#waiting.set(cid, at);
    this.#counts.set(at, (this.#counts.get(at) ?? 0) + 1);
  }

  #remove(cid: string): boolean {
    const at = this.#waiting.get(cid);
    if (at === undefined) return false;
    this.#waiting.delete(cid);
    this.#counts.set(at, (this.#counts.get(at) ?? 1) - 1);
    return true;
  }
}

function key(whose: string, stream: string): string {
  return `${whose} ${stream}`;
}
