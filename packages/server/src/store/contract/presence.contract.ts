import { describe, expect, test } from "bun:test";
import { newPersonId, newRoomId } from "../../identifiers.ts";
import type { StoreUnderTest } from "./store-under-test.ts";

/** What presence asks: who is in rooms, and what people have chosen. */
export function presenceContract(under: StoreUnderTest): void {
  const { guest, room, join, leave } = under;

  describe("who is in rooms, and what they have chosen", () => {
    test("of each room its people and their number, of several in one question", async () => {
      const { reads } = under.store;
      const ann = await guest();
      const bob = await guest();
      const one = await room(ann);
      const other = await room(bob);
      await join(bob, one);
      const strange = newRoomId();
      const counts = await reads.memberCounts([one, other, strange]);
      expect([...counts].sort()).toEqual(
        [
          [one, 2],
          [other, 1],
        ].sort() as [string, number][],
      );
      const people = await reads.membersOf([one, other, strange]);
      expect(people.get(one)?.sort()).toEqual([ann.id, bob.id].sort());
      expect(people.get(other)).toEqual([bob.id]);
      expect(people.get(strange)).toEqual([]);
      await leave(bob, one);
      expect((await reads.membersOf([one])).get(one)).toEqual([ann.id]);
      expect((await reads.memberCounts([])).size).toBe(0);
      expect((await reads.membersOf([])).size).toBe(0);
    });

    test("a large room's people come page by page, in the order of their ids", async () => {
      const { reads } = under.store;
      const ann = await guest();
      const stream = await room(ann);
      const crowd = [ann];
      for (let n = 0; n < 6; n += 1) crowd.push(await guest());
      for (const one of crowd.slice(1)) await join(one, stream);
      const pages: string[][] = [];
      for (;;) {
        const after = pages.at(-1)?.at(-1) ?? "";
        const page = await reads.memberIds(stream, { after, limit: 3 });
        pages.push(page);
        if (page.length < 3) break;
      }
      expect(pages.map(({ length }) => length)).toEqual([3, 3, 1]);
      expect(pages.flat().sort()).toEqual(crowd.map(({ id }) => id).sort());
    });

    test("what somebody has chosen is told, and who has chosen nothing is left out", async () => {
      const { reads } = under.store;
      const ann = await guest();
      const bob = await guest();
      const ids = [ann.id, bob.id, newPersonId()];
      expect((await reads.choices(ids)).size).toBe(0);
      const chosen = { showsTyping: false };
      await under.store.write("setPreferences", { by: ann.id, chosen });
      expect([...(await reads.choices(ids))]).toEqual([
        [
          ann.id,
          { showsPresence: true, showsTyping: false, roomOrder: "name" },
        ],
      ]);
      expect((await reads.choices([])).size).toBe(0);
    });
  });
}
