import { beforeAll, describe, expect, test } from "bun:test";
import type { StoreUnderTest } from "./store-under-test.ts";

/** Pages that say which numbers they cover. */
export function pagesContract(under: StoreUnderTest): void {
  const { cid, guest, post, room, join, leave } = under;

  describe("pages of messages", () => {
    // Room of 12 events: 1 created, 2 joined, then messages 3 to 12, but 6
    // and 9 are no messages: somebody joins and leaves.
    let stream = "";
    const seqsOf = async (page: {
      before?: number;
      after?: number;
      limit: number;
    }) => {
      const { messages, ...cover } = await under.store.reads.messages(
        stream,
        page,
      );
      return { seqs: messages.map(({ seq }) => seq), ...cover };
    };
    beforeAll(async () => {
      const ann = await guest();
      const ben = await guest("Ben");
      stream = await room(ann);
      for (let seq = 3; seq <= 12; seq += 1) {
        if (seq === 6) await join(ben, stream);
        else if (seq === 9) await leave(ben, stream);
        else await post(ann, `number ${seq}`, { stream });
      }
    });

    const cases: [
      string,
      { before?: number; after?: number; limit: number },
      { seqs: number[]; from: number; to: number },
    ][] = [
      ["the newest", { limit: 3 }, { seqs: [10, 11, 12], from: 10, to: 12 }],
      [
        "the newest, to just behind a number that is no message",
        { limit: 4 },
        { seqs: [8, 10, 11, 12], from: 8, to: 12 },
      ],
      [
        "all of them",
        { limit: 100 },
        { seqs: [3, 4, 5, 7, 8, 10, 11, 12], from: 1, to: 12 },
      ],
      [
        "exactly all of them, not knowing that they are all",
        { limit: 8 },
        { seqs: [3, 4, 5, 7, 8, 10, 11, 12], from: 3, to: 12 },
      ],
      [
        "before one",
        { before: 10, limit: 2 },
        { seqs: [7, 8], from: 7, to: 9 },
      ],
      [
        "before the first message",
        { before: 3, limit: 5 },
        { seqs: [], from: 1, to: 2 },
      ],
      ["before 1", { before: 1, limit: 5 }, { seqs: [], from: 1, to: 0 }],
      ["before 0", { before: 0, limit: 5 }, { seqs: [], from: 1, to: 0 }],
      [
        "before more than there is",
        { before: 999, limit: 1 },
        { seqs: [12], from: 12, to: 12 },
      ],
      ["after one", { after: 5, limit: 2 }, { seqs: [7, 8], from: 6, to: 8 }],
      [
        "after 0, the oldest",
        { after: 0, limit: 2 },
        { seqs: [3, 4], from: 1, to: 4 },
      ],
      [
        "after one, to the head",
        { after: 10, limit: 5 },
        { seqs: [11, 12], from: 11, to: 12 },
      ],
      [
        "after the head",
        { after: 12, limit: 5 },
        { seqs: [], from: 13, to: 12 },
      ],
      [
        "after more than there is",
        { after: 99, limit: 5 },
        { seqs: [], from: 100, to: 99 },
      ],
      [
        "between two",
        { after: 3, before: 8, limit: 5 },
        { seqs: [4, 5, 7], from: 4, to: 7 },
      ],
      [
        "between two, the oldest when there are more",
        { after: 3, before: 8, limit: 2 },
        { seqs: [4, 5], from: 4, to: 5 },
      ],
      [
        "between neighbours",
        { after: 5, before: 6, limit: 5 },
        { seqs: [], from: 6, to: 5 },
      ],
    ];
    for (const [what, page, wanted] of cases) {
      test(`${what}: the page says which numbers it covers`, async () => {
        expect(await seqsOf(page)).toEqual({ ...wanted, head: 12 });
      });
    }

    test("[S-1] pages joined by what they cover have every message once, in both directions", async () => {
      const all = [3, 4, 5, 7, 8, 10, 11, 12];
      for (const limit of [1, 2, 3, 8]) {
        const backward: number[] = [];
        for (let before = 13; before > 1;) {
          const page = await seqsOf({ before, limit });
          backward.unshift(...page.seqs);
          expect(page.to).toBe(before - 1);
          before = page.from;
        }
        expect(backward).toEqual(all);
        const forward: number[] = [];
        for (let after = 0; after < 12;) {
          const page = await seqsOf({ after, limit });
          forward.push(...page.seqs);
          expect(page.from).toBe(after + 1);
          after = page.to;
        }
        expect(forward).toEqual(all);
      }
    });

    test("a message says who, when, under which cid and what", async () => {
      const ann = await guest();
      const own = cid();
      const { at, seq } = await post(ann, "hello", { cid: own });
      const page = await under.store.reads.messages(under.store.lobby, {
        limit: 1,
      });
      expect(page.messages).toEqual([
        { seq, at, by: ann.id, cid: own, text: "hello" },
      ]);
    });
  });

  describe("what coming back asks", () => {
    test("[S-1] [P13] of several streams each gets its own range, in order, whole, and as the log has it", async () => {
      const { reads } = under.store;
      const ann = await guest();
      const streams: string[] = [];
      for (let n = 0; n < 70; n += 1) {
        const stream = await room(ann);
        for (let said = 0; said < n % 5; said += 1) {
          await post(ann, `number ${said} 你好`, { stream });
        }
        streams.push(stream);
      }
      const ranges = new Map(
        streams.map((stream, n) => [
          stream,
          { after: n % 3, upTo: 2 + (n % 5) },
        ]),
      );
      ranges.set("r_nothing000", { after: 0, upTo: 10 });
      ranges.set(`inbox:${ann.id}`, { after: 0, upTo: 3 });
      const found = await reads.eventsOf(ranges);
      expect([...found.keys()].sort()).toEqual([...ranges.keys()].sort());
      for (const [stream, { after, upTo }] of ranges) {
        const whole = await reads.eventsAfter(stream, { after, upTo, max: 99 });
        expect(found.get(stream)).toEqual(whole);
      }
      expect(found.get("r_nothing000")).toEqual([]);
      expect(found.get(`inbox:${ann.id}`)).toHaveLength(3);
      expect(await reads.eventsOf(new Map())).toEqual(new Map());
    });

    test("[U-1] [U-6] how many stand in how many rooms is one question, and each answer is as if it were asked alone", async () => {
      const { reads } = under.store;
      const ann = await guest();
      const ben = await guest("Ben");
      const streams = await Promise.all([1, 2, 3].map(() => room(ann)));
      const asked = [];
      for (const [index, stream] of streams.entries()) {
        if (index > 0) await join(ben, stream);
        for (let said = 0; said <= index; said += 1) {
          await post(ann, "hello", { stream });
        }
        await under.mark(ann, stream, 2);
        for (const { id: person } of [ann, ben]) {
          for (const upTo of [2, 4, 99]) asked.push({ person, stream, upTo });
        }
      }
      const found = await reads.standings(asked);
      expect(found).toHaveLength(asked.length);
      for (const [index, { person, stream, upTo }] of asked.entries()) {
        const alone = await reads.room(person, stream, upTo);
        expect(found[index]).toEqual(
          alone && { read: alone.read, unread: alone.unread },
        );
      }
      // Ben is not in the first.
      expect(found.filter((one) => one === undefined)).toHaveLength(3);
      expect(found.some((one) => (one?.unread ?? 0) > 0)).toBe(true);
      expect(await reads.standings([])).toEqual([]);
    });
  });
}
