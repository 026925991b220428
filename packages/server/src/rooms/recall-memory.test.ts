import { beforeEach, expect, test } from "bun:test";
import { MemoryBus } from "../bus/memory-bus.ts";
import type { CommittedEvent, EventRange, Reads } from "../store/store.ts";
import { aTurn } from "../store/gathered.ts";
import { committed } from "../testing/committed.ts";
import { encode } from "./encoded-event.ts";
import { Feeds } from "./feeds.ts";
import { RecentEvents } from "./recent-events.ts";
import type { StreamFeed } from "./stream-feed.ts";

// What is kept for those who come back, when it is more than there is room for.

const head = 1_000;

/** The bound of all feeds together, and what one question may bring beyond it. */
const bytesMax = 33_554_432 + 1_000 * 4_200;

let bus: MemoryBus;
let questions: number;
/** Called while a question is on its way. */
let meanwhile: ((ranges: ReadonlyMap<string, EventRange>) => void) | undefined;
let feeds: Feeds;

beforeEach(() => {
  bus = new MemoryBus();
  questions = 0;
  meanwhile = undefined;
  const reads: Pick<Reads, "heads" | "eventsOf"> = {
    heads: (streams) =>
      Promise.resolve(new Map(streams.map((one) => [one, head]))),
    eventsOf: async (ranges) => {
      questions += 1;
      meanwhile?.(ranges);
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
    committed(stream, after + n + 1, { text: "x".repeat(4_000) }),
  );
}

async function open(stream: string): Promise<StreamFeed> {
  const feed = await feeds.open(stream);
  if (feed === undefined) throw new Error("it is there");
  return feed;
}

test("[L-4] [P13] four hundred rooms that are read again at once keep no more together than there is room for", async () => {
  const all = await Promise.all(
    Array.from({ length: 400 }, (_, n) => open(`r_${n}`)),
  );
  let most = 0;
  const watch = async (feed: StreamFeed): Promise<void> => {
    await feed.recall(head - 50);
    most = Math.max(most, feeds.keptBytes);
  };
  await Promise.all(all.map(watch));
  expect(most).toBeLessThanOrEqual(bytesMax);
  // Those that came last are there for who came for them.
  expect(all.at(-1)?.covers(head - 50)).toBe(true);
});

test("[P13] a room whose events were forgotten while they were read again is read again for the next", async () => {
  const feed = await open("r_room000000");
  bus.publish(feed.stream, run(feed.stream, { after: head, upTo: head + 10 }));
  meanwhile = () => {
    feed.recent.forget();
    meanwhile = undefined;
  };
  // Whoever came first reads for themselves: what was read is not kept.
  expect(await feed.recall(head - 20)).toBe(false);
  expect(await feed.recall(head - 20)).toBe(true);
  expect(questions).toBe(2);
  const seqs = feed.after(head - 20).map(({ seq }) => seq);
  expect(seqs).toEqual(Array.from({ length: 30 }, (_, n) => head - 19 + n));
});

test("[L-4] what is kept of an event is what a replay needs, not a second copy of it", () => {
  const recent = new RecentEvents(head, { bytes: 0 });
  recent.add(run("r_room000000", { after: head, upTo: head + 3 }).map(encode));
  for (const event of recent.after(head)) {
    expect(Object.keys(event).sort()).toEqual(["by", "bytes", "seq", "text"]);
  }
});
