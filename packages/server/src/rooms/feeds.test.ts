import { beforeEach, describe, expect, spyOn, test } from "bun:test";
import type { Bus } from "../bus/bus.ts";
import { MemoryBus } from "../bus/memory-bus.ts";
import type { Reads } from "../store/store.ts";
import { committed } from "../testing/committed.ts";
import { Feeds } from "./feeds.ts";

const room = "r_room000000";
const other = "r_other00000";

let bus: MemoryBus;
let heads: Map<string, number>;
/** The streams of each question to the store. */
let asked: (readonly string[])[];
let delivered: string[];
let fails: boolean;
let feeds: Feeds;

beforeEach(() => {
  bus = new MemoryBus();
  heads = new Map([
    [room, 10],
    [other, 5],
  ]);
  asked = [];
  delivered = [];
  fails = false;
  feeds = feedsOn(bus);
});

function feedsOn(heard: Bus): Feeds {
  const reads: Pick<Reads, "heads" | "eventsAfter"> = {
    heads: (streams) => {
      asked.push(streams);
      return fails
        ? Promise.reject(new Error("the store is gone"))
        : Promise.resolve(new Map(heads));
    },
    eventsAfter: (stream, { after, upTo, max }) =>
      Promise.resolve(
        Array.from({ length: Math.min(max, upTo - after) }, (_, n) =>
          committed(stream, after + n + 1),
        ),
      ),
  };
  return new Feeds(heard, reads as Reads, {
    deliver: (stream, events) => {
      for (const { seq } of events) delivered.push(`${stream} ${seq}`);
    },
    onError: () => undefined,
  });
}

/** A turn of the event loop, in which questions are gathered and asked. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

test("a feed opens at the stored head, and hears from then on", async () => {
  const feed = await feeds.open(room);
  expect(feed?.last).toBe(10);
  bus.publish(room, [committed(room, 11)]);
  expect(delivered).toEqual([`${room} 11`]);
  expect(feeds.open(room)).toBe(feeds.get(room) as never);
});

test("[S-1] what is told while the head is being read is not missed", async () => {
  const opening = feeds.open(room);
  bus.publish(room, [committed(room, 11), committed(room, 12)]);
  const feed = await opening;
  expect(feed?.last).toBe(12);
  expect(delivered).toEqual([`${room} 11`, `${room} 12`]);
});

test("[P13] all heads that are wanted in one turn are one question", async () => {
  const opening = [room, other, room, "r_nothing000"].map((one) =>
    feeds.open(one),
  );
  const opened = await Promise.all(opening);
  expect(asked).toHaveLength(1);
  expect(opened[0]).toBe(opened[2] as never);
  expect(opened.map((feed) => feed?.last)).toEqual([10, 5, 10, undefined]);
});

test("a stream that is not there leaves nothing behind, and may come to be", async () => {
  expect(await feeds.open("r_new0000000")).toBeUndefined();
  expect(feeds.size).toBe(0);
  heads.set("r_new0000000", 1);
  expect((await feeds.open("r_new0000000"))?.last).toBe(1);
});

describe("where it takes a moment until a stream is heard", () => {
  /** Lets the bus hear the stream from now on, or not at all. */
  let begin: PromiseWithResolvers<undefined>;
  let stopped: number;

  beforeEach(() => {
    begin = Promise.withResolvers();
    stopped = 0;
    const memory = new MemoryBus();
    bus = memory;
    const slow: Pick<Bus, "follow"> = {
      follow: async (stream, listener) => {
        await begin.promise;
        const stop = memory.follow(stream, listener);
        return () => {
          stopped += 1;
          stop();
        };
      },
    };
    feeds = feedsOn(slow as Bus);
  });

  test("[S-1] the head is read when it is heard, not before", async () => {
    const opening = feeds.open(room);
    await turn();
    expect(asked).toEqual([]);
    // Committed and told before anybody here could hear it.
    heads.set(room, 12);
    begin.resolve(undefined);
    expect((await opening)?.last).toBe(12);
    bus.publish(room, [committed(room, 13)]);
    expect(delivered).toEqual([`${room} 13`]);
  });

  test("whoever opens it meanwhile gets the same feed", async () => {
    const opening = [feeds.open(room), feeds.open(room)];
    await turn();
    opening.push(feeds.open(room));
    begin.resolve(undefined);
    const [first, ...others] = await Promise.all(opening);
    for (const one of others) expect(one).toBe(first as never);
    expect([feeds.size, asked.length]).toEqual([1, 1]);
  });

  test("[L-4] one that is closed before it was open is swept later", async () => {
    const opening = feeds.open(room);
    feeds.close(room);
    begin.resolve(undefined);
    await opening;
    const now = performance.now();
    const clock = spyOn(performance, "now").mockReturnValue(now + 61_000);
    feeds.sweep(() => false);
    clock.mockRestore();
    expect([feeds.size, stopped]).toEqual([0, 1]);
  });

  test("[L-3] one that cannot be heard is said so to all who asked, and may be opened again", async () => {
    const opening = [feeds.open(room), feeds.open(room)];
    begin.reject(new Error("the bus is gone"));
    for (const one of await Promise.allSettled(opening)) {
      expect(one).toMatchObject({ reason: new Error("the bus is gone") });
    }
    expect([feeds.size, asked]).toEqual([0, []]);
    begin = Promise.withResolvers();
    const again = feeds.open(room);
    begin.resolve(undefined);
    expect((await again)?.last).toBe(10);
  });

  test("[L-3] a head that cannot be read leaves nothing heard behind", async () => {
    fails = true;
    const opening = feeds.open(room);
    begin.resolve(undefined);
    expect(await Promise.resolve(opening).catch(String)).toContain("the store");
    expect([feeds.size, stopped]).toEqual([0, 1]);
  });

  test("[L-4] [S-1] of what a busy room tells before its head is known so much is kept, and the rest is read", async () => {
    const opening = feeds.open(room);
    begin.resolve(undefined);
    await Promise.resolve();
    await Promise.resolve();
    for (let seq = 11; seq <= 1_000; seq += 1) {
      bus.publish(room, [committed(room, seq)]);
    }
    const feed = await opening;
    await turn();
    feed?.flush();
    expect(feed?.last).toBe(1_000);
    expect(delivered).toHaveLength(990);
    expect(new Set(delivered).size).toBe(990);
  });
});

test("[L-4] what nobody has followed for a minute is closed, what somebody follows is not", async () => {
  await Promise.all([feeds.open(room), feeds.open(other)]);
  const now = performance.now();
  const clock = spyOn(performance, "now");
  const sweepAfter = (ms: number): void => {
    clock.mockReturnValue(now + ms);
    feeds.sweep((stream) => stream === room);
  };
  sweepAfter(50_000);
  expect(feeds.size).toBe(2);
  sweepAfter(61_000);
  clock.mockRestore();
  expect(feeds.size).toBe(1);
  expect(feeds.get(other)).toBeUndefined();
  bus.publish(other, [committed(other, 6)]);
  bus.publish(room, [committed(room, 11)]);
  feeds.get(room)?.flush();
  expect(delivered).toEqual([`${room} 11`]);
});

test("closing sends what still waits", async () => {
  await feeds.open(room);
  bus.publish(room, [committed(room, 11)]);
  bus.publish(room, [committed(room, 12)]);
  feeds.close(room);
  expect(delivered).toEqual([`${room} 11`, `${room} 12`]);
});
