import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { Me } from "@parley/protocol";
import { inboxOf } from "../stream-keys.ts";
import { StoreUnderTest, type Place } from "./store-under-test.ts";

/**
 * What two nodes promise that write to one database at the same time. For
 * stores that are shared; what each promises by itself is in the others.
 */
export function twoStoresContract(name: string, makePlace: () => Place): void {
  describe(`two stores on one ${name}`, () => {
    let one: StoreUnderTest;
    let other: StoreUnderTest;
    let both: readonly [StoreUnderTest, StoreUnderTest];
    let epochs: string[];

    beforeAll(async () => {
      const place = makePlace();
      one = new StoreUnderTest(place);
      other = new StoreUnderTest({ ...place, clear: () => undefined });
      both = [one, other];
      await Promise.all([one.open(), other.open()]);
      epochs = both.map(({ store }) => store.epoch);
    });
    afterAll(async () => {
      await other.clear();
      await one.clear();
    });

    /** The numbers of a stream that a store has published, in that order. */
    function publishedBy(under: StoreUnderTest, stream: string): number[] {
      return under.published
        .filter((told) => told.stream === stream)
        .map(({ event }) => event.seq);
    }

    async function expectWhole(stream: string): Promise<number> {
      const seqs = (await one.log(stream)).map(({ event }) => event.seq);
      expect(seqs).toEqual(seqs.map((_, index) => index + 1));
      expect(await other.head(stream)).toBe(seqs.length);
      return seqs.length;
    }

    test("[I2] that found it in the same moment find one log and one lobby", async () => {
      const { store } = one;
      expect(epochs).toEqual([store.epoch, store.epoch]);
      expect(other.store.lobby).toBe(store.lobby);
      expect(other.store.instance).toBe(store.instance);
      expect(other.store.secret).toBe(store.secret);
      expect([store.isShared, other.store.isShared]).toEqual([true, true]);
      const founding = (await one.log(store.lobby)).filter(
        ({ event }) => event.type === "room.created",
      );
      expect(founding).toHaveLength(1);
    });

    test("[D-5] [D-1] [P6] 16 writers each to one room: no hole, and every event is published once, in order, by the store that made it", async () => {
      const writers = await Promise.all(
        both.flatMap((under) =>
          Array.from({ length: 16 }, async (_, n) => ({
            under,
            author: await under.guest(`Writer ${n}`),
          })),
        ),
      );
      const [first] = writers;
      if (first === undefined) throw new Error("nobody came");
      const stream = await one.room(first.author);
      await Promise.all(
        writers.slice(1).map(({ under, author }) => under.join(author, stream)),
      );
      const said = new Map<number, string>();
      await Promise.all(
        writers.map(async ({ under, author }) => {
          for (let round = 0; round < 20; round += 1) {
            const text = `${author.id} ${round}`;
            said.set((await under.post(author, text, { stream })).seq, text);
          }
        }),
      );
      const head = await expectWhole(stream);
      expect(said.size).toBe(32 * 20);
      for (const { event } of await other.log(stream)) {
        if (event.type !== "message.posted") continue;
        expect(event.text).toBe(said.get(event.seq) ?? "nothing");
      }
      const [mine, theirs] = both.map((under) => publishedBy(under, stream));
      expect(mine).toEqual(mine?.toSorted((a, b) => a - b) ?? []);
      expect(theirs).toEqual(theirs?.toSorted((a, b) => a - b) ?? []);
      const all = [...(mine ?? []), ...(theirs ?? [])];
      expect(new Set(all).size).toBe(all.length);
      expect(all).toHaveLength(head);
    });

    test("[D-3] [J29] one cid through both at once is one event, and all get its number", async () => {
      const ann = await one.guest();
      const stream = await one.room(ann);
      for (let round = 0; round < 20; round += 1) {
        const cid = one.cid();
        const answers = await Promise.all(
          [...both, ...both].map((under) =>
            under.post(ann, "once", { stream, cid }),
          ),
        );
        const seqs = new Set(answers.map(({ seq }) => seq));
        expect(seqs.size).toBe(1);
        const news = answers.filter(({ repeated }) => repeated !== true);
        expect(news).toHaveLength(1);
      }
      expect(await expectWhole(stream)).toBe(22);
    });

    test("[O-5] what was answered by one is in every read of the other that begins after it", async () => {
      const ann = await one.guest();
      const stream = await one.room(ann);
      for (let round = 0; round < 40; round += 1) {
        const [writes, reads] = round % 2 === 0 ? [one, other] : [other, one];
        const { seq } = await writes.post(ann, `${round}`, { stream });
        expect(await reads.head(stream)).toBe(seq);
        const page = await reads.store.reads.messages(stream, { limit: 1 });
        expect(page.messages[0]?.seq).toBe(seq);
      }
    });

    test("[A-1] [T5] who left through one is refused by the other from the moment that is answered", async () => {
      const ann = await one.guest();
      const ben = await one.guest("Ben");
      const stream = await one.room(ann);
      for (let round = 0; round < 20; round += 1) {
        await one.join(ben, stream);
        await other.post(ben, "still here", { stream });
        await one.leave(ben, stream);
        const post = { stream, by: ben.id, cid: one.cid(), text: "late" };
        expect(await other.fate("appendMessage", post)).toBe("not_found");
        expect(await other.store.reads.isMember(ben.id, stream)).toBe(false);
      }
      await expectWhole(stream);
    });

    test("[A-1] [P21] leaving through one while posting through the other: in the log nobody says anything after they left (200 rounds)", async () => {
      const ann = await one.guest();
      const ben = await one.guest("Ben");
      const rooms = await Promise.all(
        Array.from({ length: 10 }, () => one.room(ann)),
      );
      await Promise.all(rooms.map((stream) => comeAndGo(ben, stream, 20)));
      for (const stream of rooms) {
        let isIn = false;
        for (const { event } of await one.log(stream)) {
          if (event.by !== ben.id) continue;
          if (event.type === "member.joined") isIn = true;
          else if (event.type === "member.left") isIn = false;
          else expect(`${event.seq} ${isIn}`).toBe(`${event.seq} true`);
        }
        expect(isIn).toBe(false);
        await expectWhole(stream);
      }
      await expectWhole(inboxOf(ben.id));
    }, 60_000);

    async function comeAndGo(
      person: Me,
      stream: string,
      rounds: number,
    ): Promise<void> {
      for (let round = 0; round < rounds; round += 1) {
        await one.join(person, stream);
        const say = (under: StoreUnderTest): Promise<string> =>
          under.fate("appendMessage", {
            ...{ stream, by: person.id, cid: one.cid(), text: `${round}` },
          });
        await Promise.all([
          say(other),
          say(other),
          one.leave(person, stream),
          say(other),
          say(one),
        ]);
      }
    }

    test("[O-7] [P18] numbers and times go up whichever of the two writes, and both read one clock", async () => {
      const ann = await one.guest();
      const stream = await one.room(ann);
      for (let round = 0; round < 40; round += 1) {
        const under = both[round % 2] ?? one;
        await under.post(ann, `${round}`, { stream });
      }
      const times = (await one.log(stream)).map(({ event }) => event.at);
      expect(times).toEqual(times.toSorted((a, b) => a - b));
      expect(Math.abs(one.store.now() - other.store.now())).toBeLessThan(1_000);
    });

    test("[A-2] a session ended through one is gone for the other, and its end is told once in the inbox", async () => {
      const ann = await one.guest();
      const tokenHash = ann.hash;
      await Promise.all(
        [...both, ...both].map(({ store }) =>
          store.write("endSession", { tokenHash }),
        ),
      );
      for (const { store } of both) {
        expect(await store.reads.sessions([tokenHash])).toEqual(new Map());
      }
      const told = (await other.log(inboxOf(ann.id))).filter(
        ({ event }) => event.type === "session.ended",
      );
      expect(told).toHaveLength(1);
    });
  });
}
