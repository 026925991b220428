import { beforeEach, expect, spyOn, test } from "bun:test";
import { MemoryBus } from "../bus/memory-bus.ts";
import type { CommittedEvent, EventRange, Reads } from "../store/store.ts";
import { aTurn } from "../store/gathered.ts";
import { committed } from "../testing/committed.ts";
import { Feeds } from "./feeds.ts";
import type { StreamFeed } from "./stream-feed.ts";

// What is read again for those who come back: once for all of them.

const head = 1_000;

let bus: MemoryBus;
/** The ranges of each question to the store. */
let asked: Map<string, EventRange>[];
let text: string;
let before: (() => void) | undefined;
let feeds: Feeds;

beforeEach(() => {
  bus = new MemoryBus();
  asked = [];
  text = "hello";
  before = undefined;
  const reads: Pick<Reads, "heads" | "eventsOf"> = {
    heads: (streams) =>
      Promise.resolve(new Map(streams.map((one) => [one, head]))),
    eventsOf: async (ranges) => {
      asked.push(new Map(ranges));
      before?.();
      await aTurn();
      return new Map(
        Array.from(ranges, ([stream, range]) => [stream, run(stream, range)]),
      );
    },
  };
  feeds = new Feeds(bus, reads as Reads, {
    deliver: () => undefined,
    onError: () => undefined,
  });
});

function run(stream: string, { after, upTo }: EventRange): CommittedEvent[] {
  return Array.from({ length: Math.max(0, upTo - after) }, (_, n) =>
    committed(stream, after + n + 1, { text }),
  );
}

async function open(stream = "r_room000000"): Promise<StreamFeed> {
  const feed = await feeds.open(stream);
  if (feed === undefined) throw new Error("it is there");
  return feed;
}

test("[P13] a thousand who missed something different in one turn are one read, as deep as the deepest needs", async () => {
  const feed = await open();
  const recalls = Array.from({ length: 1_000 }, (_, n) =>
    feed.recall(head - 1 - (n % 200)),
  );
  expect(new Set(await Promise.all(recalls))).toEqual(new Set([true]));
  expect(asked).toHaveLength(1);
  expect(asked[0]?.get(feed.stream)).toEqual({ after: 700, upTo: head });
  expect(feed.after(head - 200)).toHaveLength(200);
});

test("[P13] who comes while it is being read waits for it, and asks only for what is still missing", async () => {
  const feed = await open();
  const late: Promise<boolean>[] = [];
  before = () => {
    late.push(feed.recall(head - 20), feed.recall(head - 60));
    before = undefined;
  };
  await feed.recall(head - 10);
  expect(await Promise.all(late)).toEqual([true, true]);
  expect(asked.map((one) => one.get(feed.stream))).toEqual([
    { after: head - 50, upTo: head },
    { after: head - 300, upTo: head - 50 },
  ]);
});

test("[S-1] what is said while it is read joins it without a hole", async () => {
  const feed = await open();
  before = () => {
    const said = run(feed.stream, { after: head, upTo: head + 30 });
    bus.publish(feed.stream, said);
  };
  expect(await feed.recall(head - 300)).toBe(true);
  const seqs = feed.after(head - 300).map(({ seq }) => seq);
  expect(seqs).toEqual(seqs.map((_, n) => head - 300 + n + 1));
  expect(seqs).toHaveLength(330);
});

test("[L-4] what is too much to be kept is read in vain once, and not again", async () => {
  text = "x".repeat(20_000);
  const feed = await open();
  expect(await feed.recall(head - 100)).toBe(false);
  expect(await feed.recall(head - 100)).toBe(false);
  expect(await feed.recall(head - 5)).toBe(true);
  expect(asked).toHaveLength(1);
});

test("[L-3] a store that fails is said so to all who wait, and asked anew by the next", async () => {
  const feed = await open();
  before = () => {
    throw new Error("the store is gone");
  };
  const recalls = [feed.recall(head - 1), feed.recall(head - 2)];
  for (const one of await Promise.allSettled(recalls)) {
    expect(one).toMatchObject({ status: "rejected" });
  }
  before = undefined;
  expect(await feed.recall(head - 2)).toBe(true);
});

test("[L-4] a feed that is closed meanwhile keeps nothing and asks no more", async () => {
  const feed = await open();
  before = () => {
    feeds.close(feed.stream);
  };
  expect(await feed.recall(head - 10)).toBe(false);
  expect([asked.length, feeds.keptBytes]).toEqual([1, 0]);
});

test("[P13] many streams are a few questions, of about a thousand events each", async () => {
  const all = await Promise.all(
    Array.from({ length: 100 }, (_, n) => open(`r_${n}`)),
  );
  await Promise.all(all.map((feed) => feed.recall(head - 3)));
  expect(asked).toHaveLength(5);
  for (const feed of all) expect(feed.covers(head - 3)).toBe(true);
});

test("[L-4] what all feeds keep together has a bound, and those used longest ago forget", async () => {
  text = "x".repeat(4_000);
  const clock = spyOn(performance, "now");
  for (let n = 0; n < 400; n += 1) {
    clock.mockReturnValue(n);
    await (await open(`r_${n}`)).recall(head - 50);
  }
  feeds.sweep(() => true);
  clock.mockRestore();
  expect(feeds.keptBytes).toBeLessThanOrEqual(33_554_432);
  expect(feeds.peek("r_0")?.covers(head - 1)).toBe(false);
  expect(feeds.peek("r_399")?.covers(head - 50)).toBe(true);
});
