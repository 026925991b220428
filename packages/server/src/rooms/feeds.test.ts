import { beforeEach, expect, spyOn, test } from "bun:test";
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
let feeds: Feeds;

beforeEach(() => {
  bus = new MemoryBus();
  heads = new Map([
    [room, 10],
    [other, 5],
  ]);
  asked = [];
  delivered = [];
  const reads: Pick<Reads, "heads" | "eventsAfter"> = {
    heads: (streams) => {
      asked.push(streams);
      return Promise.resolve(new Map(heads));
    },
    eventsAfter: () => Promise.resolve([]),
  };
  feeds = new Feeds(bus, reads as Reads, {
    deliver: (stream, events) => {
      for (const { seq } of events) delivered.push(`${stream} ${seq}`);
    },
    onError: () => undefined,
  });
});
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
