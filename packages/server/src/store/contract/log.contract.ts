import { describe, expect, test } from "bun:test";
import type { Me } from "@parley/protocol";
import { newRoomId } from "../../identifiers.ts";
import { inboxOf } from "../stream-keys.ts";
import type { StoreUnderTest } from "./store-under-test.ts";

/** What a log is: numbered without holes, in order, told before it is answered. */
export function logContract(under: StoreUnderTest): void {
  const { guest, post, room, join, leave, mark, head, log, published } = under;

  describe("the log", () => {
    test("[D-5] [D-1] [D-7] 16 writers at once: every number from 1 once, every answer's text at its number", async () => {
      const authors = await Promise.all(
        Array.from({ length: 16 }, (_, index) => guest(`Writer ${index}`)),
      );
      const [first] = authors;
      if (first === undefined) throw new Error("nobody came");
      const stream = await room(first);
      await Promise.all(authors.slice(1).map((one) => join(one, stream)));

      const said = new Map<number, string>();
      const say = async (author: Me): Promise<void> => {
        for (let round = 0; round < 25; round += 1) {
          const text = ` ${author.name}: ${round} 你好 😀\u2028 `;
          const { seq } = await post(author, text, { stream });
          said.set(seq, text);
        }
      };
      await Promise.all(authors.map(say));

      const events = await log(stream);
      expect(events.map(({ event }) => event.seq)).toEqual(
        events.map((_, index) => index + 1),
      );
      expect(said.size).toBe(16 * 25);
      for (const { event } of events) {
        if (event.type !== "message.posted") continue;
        expect(event.text).toBe(said.get(event.seq) ?? "nothing");
      }
      expect(await head(stream)).toBe(events.length);
    });

    test("[O-2] [O-4] what was asked for earlier has the lower number", async () => {
      const ann = await guest();
      const stream = await room(ann);
      const answers = await Promise.all(
        Array.from({ length: 120 }, (_, index) =>
          post(ann, `${index}`, { stream }),
        ),
      );
      const seqs = answers.map(({ seq }) => seq);
      expect(seqs).toEqual(seqs.toSorted((a, b) => a - b));
    });

    test("[P6] every commit is published whole, in order, before any of its answers", async () => {
      const ann = await guest();
      const stream = await room(ann);
      const isPublished = (seq: number): boolean =>
        published.some((one) => one.stream === stream && one.event.seq === seq);
      const wasPublished = await Promise.all(
        Array.from({ length: 50 }, async (_, index) =>
          isPublished((await post(ann, `${index}`, { stream })).seq),
        ),
      );
      expect(wasPublished).not.toContain(false);
      const ofStream = published.filter((one) => one.stream === stream);
      expect(ofStream.map(({ event }) => event.seq)).toEqual(
        ofStream.map((_, index) => index + 1),
      );
    });

    test("[O-5] what was answered is in every read that begins after it", async () => {
      const ann = await guest();
      const stream = await room(ann);
      for (let round = 0; round < 20; round += 1) {
        const { seq } = await post(ann, `${round}`, { stream });
        expect(await head(stream)).toBe(seq);
        const page = await under.store.reads.messages(stream, { limit: 1 });
        expect(page.messages[0]?.seq).toBe(seq);
      }
    });

    test("what is read from the log equals what was published, of every kind", async () => {
      const ann = await guest();
      const ben = await guest("Ben");
      const stream = await room(ann, undefined, "Screens and words");
      await join(ben, stream);
      const { seq } = await post(ben, "hello", { stream });
      await mark(ann, stream, seq);
      await leave(ben, stream);
      for (const key of [stream, inboxOf(ann.id), inboxOf(ben.id)]) {
        const live = published.filter((one) => one.stream === key);
        expect(await log(key)).toEqual(live);
      }
    });

    test("[O-7] at never decreases along a stream", async () => {
      const times = (await log(under.store.lobby)).map(({ event }) => event.at);
      expect(times).toEqual(times.toSorted((a, b) => a - b));
    });

    test("a slice of the log holds after < seq <= upTo, ascending, at most max", async () => {
      const ann = await guest();
      const stream = await room(ann);
      for (const text of ["3", "4", "5", "6"])
        await post(ann, text, { stream });
      const slice = async (after: number, upTo: number, max: number) => {
        const range = { after, upTo, max };
        const events = await under.store.reads.eventsAfter(stream, range);
        return events.map(({ event }) => event.seq);
      };
      expect(await slice(0, 6, 100)).toEqual([1, 2, 3, 4, 5, 6]);
      expect(await slice(2, 5, 100)).toEqual([3, 4, 5]);
      expect(await slice(2, 5, 2)).toEqual([3, 4]);
      expect(await slice(6, 6, 100)).toEqual([]);
      expect(await slice(5, 99, 100)).toEqual([6]);
      expect(await slice(4, 3, 100)).toEqual([]);
    });

    test("heads are told of the streams that exist, and of no other", async () => {
      const ann = await guest();
      const nowhere = newRoomId();
      const heads = await under.store.reads.heads([inboxOf(ann.id), nowhere]);
      expect([...heads]).toEqual([[inboxOf(ann.id), 1]]);
      expect(await under.store.reads.heads([])).toEqual(new Map());
    });
  });
}
