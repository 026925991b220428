import {
  addDigest,
  digestWith,
  eventDigest,
  subtractDigest,
  type Digest,
} from "../history/digest.ts";
import type { FinalEvent } from "../history/record.ts";

/** Events from one number to another, of which some messages came as deleted ones. */
export interface Slice {
  from: number;
  to: number;
  without?: readonly number[] | undefined;
}

/** When a person was in a room: from the number of their joining to that of their leaving. */
export interface Stay {
  joined: number;
  left: number;
}

const nobody: readonly Stay[] = [];
const nothing: readonly FinalEvent[] = [];

/** What a message said, by its cid; undefined where nobody wrote it down. */
export type TextOf = (cid: string) => Digest | undefined;

/**
 * One stream of the final log, made ready for questions about any slice of it:
 * each is answered from two prefix sums.
 */
export class StoredStream {
  readonly name: string;
  readonly head: number;
  /** Whose inbox it is; undefined for a room. */
  readonly owner: string | undefined;
  /** Author of each message by its number; empty where no message stands. */
  readonly #authors: string[];
  readonly #events: Float64Array;
  readonly #messages: Float64Array;
  readonly #counts: Float64Array;
  readonly #stays = new Map<string, Stay[]>();
  /** Messages whose text is gone, ascending. */
  readonly deleted: FinalEvent[] = [];

  constructor(name: string, events: readonly FinalEvent[]) {
    const head = events.reduce((max, { seq }) => Math.max(max, seq), 0);
    this.name = name;
    this.head = head;
    this.owner = name.startsWith("inbox:") ? name.slice(6) : undefined;
    this.#authors = new Array<string>(head + 1).fill("");
    this.#events = new Float64Array(head + 1);
    this.#messages = new Float64Array(head + 1);
    this.#counts = new Float64Array(head + 1);
    for (const event of events) this.#take(event);
    for (let seq = 1; seq <= head; seq += 1) {
      sumUp(this.#events, seq);
      sumUp(this.#messages, seq);
      this.#counts[seq] = at(this.#counts, seq) + at(this.#counts, seq - 1);
    }
  }

  #take(event: FinalEvent): void {
    const { seq, type, by, person } = event;
    const digest = eventDigest(event);
    this.#events[seq] = digest;
    if (type === "message.posted") {
      // A deleted one counts for nobody.
      if (event.deleted) this.deleted.push(event);
      else this.#authors[seq] = by;
      this.#messages[seq] = digest;
      this.#counts[seq] = 1;
    } else if (person !== null) this.#move(type, person, seq);
  }

  #move(type: string, person: string, seq: number): void {
    const stays = this.#stays.get(person);
    if (type === "member.joined") {
      const stay = { joined: seq, left: Infinity };
      if (stays) stays.push(stay);
      else this.#stays.set(person, [stay]);
    } else if (type === "member.left") {
      const last = stays?.at(-1);
      if (last) last.left = Math.min(last.left, seq);
    }
  }

  /** The deleted messages of a slice. */
  deletedIn(from: number, to: number): readonly FinalEvent[] {
    if (this.deleted.length === 0) return nothing;
    return this.deleted.filter(({ seq }) => seq >= from && seq <= to);
  }

  /**
   * What the deleted messages of a slice add to its digest where they came with
   * their texts, all but those that came `without`. Undefined if of one nobody
   * knows what it said.
   */
  digestOfTexts(
    { from, to, without }: Slice,
    textOf: TextOf,
  ): Digest | undefined {
    let sum = 0;
    for (const event of this.deletedIn(from, to)) {
      if (without?.includes(event.seq)) continue;
      const text = textOf(event.cid ?? "");
      if (text === undefined) return undefined;
      const more = subtractDigest(digestWith(event, text), eventDigest(event));
      sum = addDigest(sum, more);
    }
    return sum;
  }

  /** Sum of eventDigest over a slice that the log has wholly. */
  digestOfEvents(from: number, to: number): Digest {
    return slice(this.#events, from, to);
  }

  digestOfMessages(from: number, to: number): Digest {
    return slice(this.#messages, from, Math.min(to, this.head));
  }

  countMessages(from: number, to: number): number {
    const end = Math.min(to, this.head);
    if (end < from) return 0;
    return at(this.#counts, end) - at(this.#counts, from - 1);
  }

  /** Messages by others above a mark, counted as far as a count goes. */
  countOfOthers(person: string, above: number, max: number): number {
    let count = 0;
    for (let seq = this.head; seq > above && count < max; seq -= 1) {
      const author = this.#authors[seq];
      if (author !== "" && author !== person) count += 1;
    }
    return count;
  }

  /** Ascending; the last one has not ended if its `left` is Infinity. */
  staysOf(person: string): readonly Stay[] {
    return this.#stays.get(person) ?? nobody;
  }

  /** Who is in the room at the end of the log. */
  *members(): Generator<string> {
    for (const [person, stays] of this.#stays) {
      if (stays.at(-1)?.left === Infinity) yield person;
    }
  }
}

function at(numbers: Float64Array, index: number): number {
  return numbers[index] ?? 0;
}

function sumUp(sums: Float64Array, seq: number): void {
  sums[seq] = addDigest(at(sums, seq - 1), at(sums, seq));
}

function slice(sums: Float64Array, from: number, to: number): Digest {
  return to < from ? 0 : subtractDigest(at(sums, to), at(sums, from - 1));
}
