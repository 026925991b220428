import { expect, jest } from "bun:test";
import { StreamFeed } from "../rooms/stream-feed.ts";
import type { CommittedEvent } from "../store/store.ts";
import { committed } from "./committed.ts";

/** Of a feed where nobody comes back. */
export const nobodyComesBack = {
  readAgain: () => Promise.resolve([]),
  replayEvents: 300,
  memory: { bytes: 0 },
};

/** A room's feed over a store in memory, in virtual time: call `useFakeTimers` before. */
export class FeedUnderTest {
  readonly stream = "r_room000000";
  /** What the store holds: 1 … `stored`. */
  stored = 100;
  /** Whether the store refuses, as while it restarts. */
  isBroken = false;
  readonly reads: { after: number; upTo: number }[] = [];
  readonly delivered: number[] = [];
  readonly errors: unknown[] = [];
  readonly feed = new StreamFeed(this.stream, 0, {
    deliver: (_, events) => {
      this.delivered.push(...events.map(({ seq }) => seq));
    },
    read: (_, range) => {
      this.reads.push(range);
      return this.isBroken
        ? Promise.reject(new Error("the store is restarting"))
        : Promise.resolve(
            this.run(range.after + 1, Math.min(range.upTo, this.stored)),
          );
    },
    readAgain: (_, range) => {
      const { after, upTo } = range();
      this.reads.push({ after, upTo });
      return Promise.resolve(this.run(after + 1, Math.min(upTo, this.stored)));
    },
    replayEvents: 300,
    memory: { bytes: 0 },
    onError: (error) => this.errors.push(error),
  });

  run(from: number, to: number): CommittedEvent[] {
    return Array.from({ length: Math.max(0, to - from + 1) }, (_, index) =>
      committed(this.stream, from + index),
    );
  }

  hear(...seqs: number[]): void {
    this.feed.hear(seqs.map((seq) => committed(this.stream, seq)));
  }

  expectAll(last: number): void {
    this.feed.flush();
    const all = Array.from({ length: last }, (_, n) => n + 1);
    expect(this.delivered).toEqual(all);
    expect(this.feed.last).toBe(last);
  }
}

/** Time passes, what is then read is there, and what is gathered goes out. */
export async function wait(ms: number): Promise<void> {
  jest.advanceTimersByTime(ms);
  for (let n = 0; n < 10; n += 1) await Promise.resolve();
  jest.advanceTimersByTime(20);
}
