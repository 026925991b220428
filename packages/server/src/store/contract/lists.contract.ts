import { describe, expect, test } from "bun:test";
import { newToken } from "../../identifiers.ts";
import { PeopleUnderTest } from "./people-under-test.ts";
import type { StoreUnderTest } from "./store-under-test.ts";

/** What administrators see of people and rooms. */
export function listsContract(under: StoreUnderTest): void {
  const people = new PeopleUnderTest(under);
  const { account } = people;

  describe("lists for administrators", () => {
    test("people come in pages, accounts first, each once, with what a search asks for and how many there are", async () => {
      const key = newToken(6);
      const names = [`Zed ${key}`, `ann ${key}`, `Mia ${key}`];
      for (const name of names) await account("member", name);
      const gone = await under.guest(`Gone ${key}`);
      await under.guest(`Bea ${key}`);
      await under.store.write("endSession", { tokenHash: gone.hash });
      const { reads } = under.store;
      const seen: string[] = [];
      for (let after = ""; ;) {
        const page = await reads.peopleOfPlace({
          ...{ query: key, byEmail: false, after, limit: 2 },
        });
        expect(page.count).toBe(4);
        seen.push(...page.people.map(({ name }) => name));
        after = page.people.at(-1)?.id ?? "";
        if (page.people.length < 2) break;
      }
      expect(seen.map((name) => name.split(" ")[0])).toEqual([
        ...["ann", "Mia", "Zed", "Bea"],
      ]);
    });

    test("[T12] a search takes signs of a pattern as they are, and an address only when it may", async () => {
      const email = `${newToken(8)}@example.org`;
      const guest = { ...people.newcomer(`100%_ ${newToken(4)}`), email };
      await under.store.write("addGuest", guest);
      const of = async (query: string, byEmail = true) => {
        const question = { query, byEmail, limit: 50 };
        const { people: found } =
          await under.store.reads.peopleOfPlace(question);
        return found.map(({ id }) => id);
      };
      expect(await of("100%_")).toEqual([guest.id]);
      expect(await of("1%_ ")).toEqual([]);
      expect(await of("\\")).toEqual([]);
      expect(await of("' or 1=1 --")).toEqual([]);
      expect(await of(email.toUpperCase())).toEqual([guest.id]);
      expect(await of(email, false)).toEqual([]);
      expect(await of("Parley")).toEqual([]);
    });

    test("[A-4] of one's own invitations one reads what rooms are called only as long as one sees them", async () => {
      const [ann, ben] = [await account("moderator"), await account("member")];
      const stream = `r_${newToken(10)}`;
      const of = (by: { id: string }) => {
        return { stream, by: by.id, cid: under.cid() };
      };
      await under.store.write("createRoom", {
        ...{ ...of(ann), name: "Before", topic: "", kind: "private" },
      });
      await under.store.write("inviteToRoom", {
        ...{ ...of(ann), people: [ben.id] },
      });
      await people.invitation(ann, { rooms: [stream, under.store.lobby] });
      const names = async (by?: string) => {
        const made = await under.store.reads.invitations({ by });
        const own = made.find((one) => one.by === ann.id);
        return own?.rooms.map(({ name }) => name);
      };
      expect(await names(ann.id)).toEqual(["Before", "Lobby"]);
      await under.store.write("leaveRoom", of(ann));
      await under.become(ben, { role: "moderator" });
      const changes = { name: "Whom we dismiss" };
      await under.store.write("changeRoom", { ...of(ben), changes });
      expect(await names(ann.id)).toEqual(["Lobby"]);
      // Administrators have the names of all rooms in another list.
      expect(await names()).toEqual(["Whom we dismiss", "Lobby"]);
    });

    test("rooms are listed by name with their people, never direct ones", async () => {
      const ann = await account("member");
      const ben = await account("member");
      const stream = await under.room(ann, `Alpha ${newToken(6)}`);
      await under.join(ben, stream);
      const direct = await under.store.write("openDirect", {
        ...{ stream: `r_${newToken(10)}`, by: ann.id, cid: under.cid() },
        people: [ben.id],
      });
      const { reads } = under.store;
      const all = await reads.roomsOfPlace("");
      expect(all[0]).toMatchObject({ kind: "lobby" });
      expect(all.map((room) => room.stream)).not.toContain(direct.stream);
      expect(await reads.roomsOfPlace(direct.stream)).toEqual([]);
      const [found] = await reads.roomsOfPlace(stream);
      expect(found).toMatchObject({
        ...{ stream, kind: "public", topic: "", members: 2 },
        ...{ archived: false, readOnly: false, isDefault: false },
      });
      expect(await reads.roomsOfPlace("%")).toEqual([]);
    });
  });
}
