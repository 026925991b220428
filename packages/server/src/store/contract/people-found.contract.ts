import { beforeAll, describe, expect, test } from "bun:test";
import type { Me } from "@parley/protocol";
import { newPersonId, newRoomId } from "../../identifiers.ts";
import { founder } from "../founder.ts";
import type { StoreUnderTest } from "./store-under-test.ts";

/** Who is found, by whom, and what one reads of oneself. */
export function peopleFoundContract(under: StoreUnderTest): void {
  const { ask, become, cid, guest, join, room } = under;

  describe("people", () => {
    const tag = newRoomId().slice(2);
    let ann: Me;
    let zoe: Me;
    let oender: Me;
    let bound: Me;
    const search = async (query: string): Promise<string[]> =>
      (await under.store.reads.searchPeople(query)).map(({ id }) => id);
    beforeAll(async () => {
      ann = await guest(`Ann ${tag}`);
      zoe = await guest(`Zoe 100% ${tag}`);
      oender = await guest(`Önder_${tag}`);
      bound = await guest(`Bound ${tag}`);
      await become(zoe, { role: "member" });
      await become(bound, { role: "guest", bound: true });
      await ask(
        `update people set username = 'zoe-${tag.toLowerCase()}' where id = '${zoe.id}'`,
      );
    });

    test("[T34] are found by letters of their name, in any case, with what everybody may know of them", async () => {
      const [found] = await under.store.reads.searchPeople(`zoe 100% ${tag}`);
      expect(found).toEqual({
        ...{ id: zoe.id, name: `Zoe 100% ${tag}`, kind: "member" },
        username: `zoe-${tag.toLowerCase()}`,
      });
      expect(await search(`ANN ${tag.toUpperCase()}`)).toEqual([ann.id]);
      expect(await search(`önder_${tag}`)).toEqual([oender.id]);
      expect(await search(`Zoe-${tag}`)).toEqual([zoe.id]);
      expect(await search(tag)).toEqual([ann.id, zoe.id, oender.id]);
    });

    test("[T12] by letters taken literally", async () => {
      for (const query of [`%${tag}`, `Ann_${tag}`, `Ann%${tag}`, "'; --"]) {
        expect(await search(query)).toEqual([]);
      }
      expect(await search(`0% ${tag}`)).toEqual([zoe.id]);
      expect(await search(`r_${tag}`)).toEqual([oender.id]);
    });

    test("not when they are suspended, gone, bound to rooms, of the simple wire, or nobody", async () => {
      const other = newRoomId().slice(2);
      const suspended = await guest(`Suspended ${other}`);
      await ask(
        `update people set suspended_at = 1 where id = '${suspended.id}'`,
      );
      const gone = await guest(`Gone ${other}`);
      await under.store.write("endSession", { tokenHash: gone.hash });
      const away = await guest(`Bound ${other}`);
      await become(away, { role: "guest", bound: true });
      await under.store.write("addGuest", {
        ...{ id: newPersonId(), name: `Simple ${other}`, email: "s@b.org" },
        ...{ lobby: under.store.lobby, origin: "simple-wire" },
        lease: { tokenHash: `lease:${cid()}`, forMs: 60_000 },
      });
      expect(await search(other)).toEqual([]);
      expect(await search("")).not.toContain(founder);
    });

    test("are 20 at most", async () => {
      await Promise.all(
        Array.from({ length: 25 }, (_, n) => guest(`Crowd ${n} ${tag}`)),
      );
      expect(await search(tag)).toHaveLength(20);
      expect(await search("")).toHaveLength(20);
    });

    test("[A-3] are known by id to everybody but who is bound to rooms: they know whom they meet there", async () => {
      const { reads } = under.store;
      const stream = await room(ann);
      const ids = [ann.id, zoe.id, bound.id, newPersonId()];
      const seen = async (who: Me): Promise<string[]> =>
        (await reads.peopleSeenBy(who.id, ids)).map(({ id }) => id).sort();
      expect(await seen(ann)).toEqual([ann.id, zoe.id, bound.id].sort());
      await ask(`delete from members where person = '${bound.id}'`);
      expect(await seen(bound)).toEqual([bound.id]);
      await under.store.write("inviteToRoom", {
        ...{ stream, by: ann.id, cid: cid(), people: [bound.id] },
      });
      expect(await seen(bound)).toEqual([ann.id, bound.id].sort());
      expect(await reads.peopleSeenBy(ann.id, [])).toEqual([]);
    });

    test("read of themselves what they are now, what they chose, and whom they block", async () => {
      const { reads } = under.store;
      const ben = await guest(`Ben ${tag}`);
      const usual = { showsPresence: true, showsTyping: true } as const;
      expect(await reads.own(ben.id)).toEqual({
        me: { id: ben.id, name: ben.name, kind: "guest", email: ben.email },
        preferences: { ...usual, roomOrder: "name" },
      });
      const chosen = { showsTyping: false, roomOrder: "recent" } as const;
      await under.store.write("setPreferences", { by: ben.id, chosen });
      await become(ben, { role: "moderator" });
      expect(await reads.own(ben.id)).toMatchObject({
        me: { kind: "member", rank: "moderator" },
        preferences: { ...usual, ...chosen },
      });
      expect(await reads.blockedBy(ben.id)).toEqual([]);
      for (const { id: person } of [zoe, ann]) {
        const block = { by: ben.id, person, blocked: true };
        await under.store.write("blockPerson", block);
      }
      expect(await reads.blockedBy(ben.id)).toEqual([ann.id, zoe.id].sort());
      expect(await reads.blockedBy(ann.id)).toEqual([]);
      expect(await reads.own(newPersonId())).toBeUndefined();
    });
  });

  describe("what one has chosen", () => {
    test("is told on all one's devices, whole, and only when it is news", async () => {
      const ann = await guest();
      const set = (chosen: { showsPresence: boolean }) =>
        under.store.write("setPreferences", { by: ann.id, chosen });
      await set({ showsPresence: false });
      await set({ showsPresence: false });
      const told = (await under.log(`inbox:${ann.id}`))
        .map(({ event }) => event)
        .filter(({ type }) => type === "preferences.set");
      expect(told).toMatchObject([
        {
          preferences: {
            ...{ showsPresence: false, showsTyping: true },
            roomOrder: "name",
          },
        },
      ]);
    });

    test("a room among one's favourites, or muted: told to oneself, with the rest as it was", async () => {
      const [ann, ben] = [await guest(), await guest()];
      const stream = await room(ann);
      await join(ben, stream);
      const head = await under.head(stream);
      const arrange = (what: { favourite?: boolean; muted?: boolean }) =>
        under.store.write("arrangeRoom", { by: ben.id, stream, ...what });
      await arrange({ favourite: true });
      await arrange({ muted: true });
      await arrange({ muted: true });
      const own = await under.store.reads.room(ben.id, stream);
      expect(own).toMatchObject({ favourite: true, muted: true });
      const told = (await under.log(`inbox:${ben.id}`))
        .map(({ event }) => event)
        .filter(({ type }) => type === "room.arranged");
      expect(told).toMatchObject([
        { room: stream, favourite: true, muted: false, hidden: 0 },
        { room: stream, favourite: true, muted: true, hidden: 0 },
      ]);
      // Nobody else's business, and no event of the room.
      expect(await under.head(stream)).toBe(head);
      const others = await under.store.reads.room(ann.id, stream);
      expect(others).not.toHaveProperty("muted");
    });
  });
}
