import type { Bus } from "../bus/bus.ts";
import { inboxOwner } from "../store/stream-keys.ts";
import type { Reads } from "../store/store.ts";
import type { Feeds } from "./feeds.ts";

/** The other nodes are told so often … */
const tellEverySeconds = 2;

/** … what was committed in this time: each head five times, should one get lost. */
const tellSeconds = 10;

/** What another node has may still be on its way here for so long. */
const graceMs = 200;

/**
 * Each open feed is compared with the store once in this time, whatever was
 * heard: that another node is cut off from the bus can only be seen there.
 */
const roundSeconds = 2;

/** While the other nodes are not heard, all feeds are compared so often. */
const deafSeconds = 2;

/** A second that lasted longer was no second: this process stood still (P15). */
const frozenMs = 3_000;

/** Feeds that are brought level at the same time: reads that the store has to bear at once. */
const mendingMax = 8;

/** Heads that are asked for in one question. */
const headsPerRead = 1_000;

export interface HeadWatchOptions {
  bus: Pick<Bus, "tellHeads" | "onHeads" | "onDoubt" | "isHearing">;
  feeds: Pick<Feeds, "streams" | "peek">;
  reads: Pick<Reads, "heads">;
  /** The store could not be asked; told once, and tried again until it can. */
  onError: (error: unknown) => void;
}

/**
 * Finds what the bus has lost and nothing after it would show: the last event
 * of a stream. Nodes tell each other the heads of what they commit, the store
 * is asked now and then whatever they say, and at once when there is doubt.
 * Only where several nodes share a store: alone, nothing gets lost.
 */
export class HeadWatch implements Disposable {
  readonly #options: HeadWatchOptions;
  /** What this node committed lately, the latest last. */
  readonly #committed = new Map<string, { head: number; second: number }>();
  /** What others have, and whether it arrives by itself. */
  #suspects = new Map<string, number>();
  #suspecting: ReturnType<typeof setTimeout> | undefined;
  /** Feeds that are behind, and the heads they have to reach. */
  readonly #behind = new Map<string, number>();
  /** Inboxes first: they say who may read no more. */
  readonly #inboxesBehind = new Map<string, number>();
  #mending = 0;
  #isAllWanted = false;
  #isAsking = false;
  #isFailing = false;
  #wasHearing = true;
  #tickedAt = performance.now();
  #second = 0;
  #ticking: ReturnType<typeof setInterval> | undefined;
  #isClosed = false;

  constructor(options: HeadWatchOptions) {
    this.#options = options;
    options.bus.onHeads((heads) => {
      this.#suspect(heads);
    });
    options.bus.onDoubt(() => {
      this.#compareAll();
    });
  }

  start(secondMs = 1_000): void {
    this.#ticking = setInterval(() => {
      this.tick();
    }, secondMs);
  }

  [Symbol.dispose](): void {
    this.#isClosed = true;
    clearInterval(this.#ticking);
    clearTimeout(this.#suspecting);
    this.#behind.clear();
    this.#inboxesBehind.clear();
  }

  /** This node has committed so far, and tells the others. */
  committed(stream: string, head: number): void {
    const known = this.#committed.get(stream)?.head ?? 0;
    // Anew at the end, so that the oldest are the first.
    this.#committed.delete(stream);
    this.#committed.set(stream, {
      head: Math.max(head, known),
      second: this.#second,
    });
  }

  /** These were committed and told to nobody, not even here. */
  moved(heads: ReadonlyMap<string, number>): void {
    for (const [stream, head] of heads) {
      this.committed(stream, head);
      this.#findBehind(stream, head);
    }
    this.#options.bus.tellHeads(heads);
    this.#mend();
  }

  /** Once a second. */
  tick(): void {
    this.#second += 1;
    if (this.#second % tellEverySeconds === 0) this.#tell();
    const now = performance.now();
    const wasFrozen = now - this.#tickedAt > frozenMs;
    this.#tickedAt = now;
    const { isHearing } = this.#options.bus;
    const isDue = isHearing
      ? !this.#wasHearing || wasFrozen
      : this.#second % deafSeconds === 0;
    this.#wasHearing = isHearing;
    if (isDue || this.#isAllWanted) this.#compareAll();
    else this.#comparePortion();
  }

  #tell(): void {
    for (const [stream, { second }] of this.#committed) {
      if (this.#second - second <= tellSeconds) break;
      this.#committed.delete(stream);
    }
    if (this.#committed.size === 0) return;
    const heads = new Map<string, number>();
    for (const [stream, { head }] of this.#committed) heads.set(stream, head);
    this.#options.bus.tellHeads(heads);
  }

  /** Somebody has these heads: what is not here in a moment did get lost. */
  #suspect(heads: ReadonlyMap<string, number>): void {
    for (const [stream, head] of heads) {
      const feed = this.#options.feeds.peek(stream);
      if (feed === undefined || feed.last >= head) continue;
      const known = this.#suspects.get(stream) ?? 0;
      this.#suspects.set(stream, Math.max(head, known));
    }
    if (this.#suspects.size === 0 || this.#isClosed) return;
    this.#suspecting ??= setTimeout(() => {
      this.#suspecting = undefined;
      const suspects = this.#suspects;
      this.#suspects = new Map();
      for (const [stream, head] of suspects) this.#findBehind(stream, head);
      this.#mend();
    }, graceMs);
  }

  /** A part of the feeds, so that each has its turn within the round. */
  #comparePortion(): void {
    const turn = this.#second % roundSeconds;
    const portion: string[] = [];
    for (const stream of this.#options.feeds.streams()) {
      if (turnOf(stream) === turn) portion.push(stream);
    }
    // What was heard of a moment ago is not lost yet.
    this.#compare(portion, (heads) => {
      this.#suspect(heads);
    });
  }

  /** All feeds, now; or, when a question is under way, right after it. */
  #compareAll(): void {
    this.#isAllWanted = true;
    if (this.#isAsking || this.#isClosed) return;
    this.#isAllWanted = false;
    this.#compare([...this.#options.feeds.streams()], (heads) => {
      for (const [stream, head] of heads) this.#findBehind(stream, head);
      this.#mend();
    });
  }

  #compare(
    streams: readonly string[],
    answered: (heads: ReadonlyMap<string, number>) => void,
  ): void {
    if (streams.length === 0 || this.#isAsking) return;
    void this.#ask(streams, answered).then((isAnswered) => {
      // After a failure the next tick asks about all.
      if (!isAnswered) this.#isAllWanted = true;
      else if (this.#isAllWanted) this.#compareAll();
    });
  }

  /** One question at a time; answers whether it was answered. */
  async #ask(
    streams: readonly string[],
    answered: (heads: ReadonlyMap<string, number>) => void,
  ): Promise<boolean> {
    this.#isAsking = true;
    try {
      for (let from = 0; from < streams.length; from += headsPerRead) {
        const some = streams.slice(from, from + headsPerRead);
        answered(await this.#options.reads.heads(some));
        if (this.#isClosed) break;
      }
      this.#isFailing = false;
      return true;
    } catch (error) {
      if (!this.#isFailing) this.#options.onError(error);
      this.#isFailing = true;
      return false;
    } finally {
      this.#isAsking = false;
    }
  }

  #findBehind(stream: string, head: number): void {
    const feed = this.#options.feeds.peek(stream);
    if (feed === undefined || feed.last >= head) return;
    const behind =
      inboxOwner(stream) === undefined ? this.#behind : this.#inboxesBehind;
    behind.set(stream, Math.max(head, behind.get(stream) ?? 0));
  }

  #takeBehind(): [stream: string, head: number] | undefined {
    for (const behind of [this.#inboxesBehind, this.#behind]) {
      const [next] = behind;
      if (next === undefined) continue;
      behind.delete(next[0]);
      return next;
    }
    return undefined;
  }

  /** Brings those that are behind level, a few at a time. */
  #mend(): void {
    while (this.#mending < mendingMax && !this.#isClosed) {
      const next = this.#takeBehind();
      if (next === undefined) return;
      const [stream, head] = next;
      const reached = this.#options.feeds.peek(stream)?.reach(head);
      if (reached === undefined) continue;
      this.#mending += 1;
      reached
        // The feed has said so, and tries again by itself.
        .catch(() => undefined)
        .finally(() => {
          this.#mending -= 1;
          this.#mend();
        });
    }
  }
}

/** The second of the round in which a stream is compared: ids end at random. */
function turnOf(stream: string): number {
  const end = stream.length - 1;
  return (
    (stream.charCodeAt(end) * 31 + stream.charCodeAt(end - 1)) % roundSeconds
  );
}
