import { describe, expect, test } from "bun:test";
import { newPersonId } from "../../identifiers.ts";
import { inboxOf } from "../stream-keys.ts";
import type { StoreUnderTest } from "./store-under-test.ts";

/** Who everybody is, and when a guest is gone. */
export function peopleContract(under: StoreUnderTest): void {
  const { cid, guest, post, room, join, head, log } = under;

  describe("people and sessions", () => {
    test("[T34] everybody may know a name and a kind; the address is told to oneself", async () => {
      const ann = await guest("Ann Önder");
      const { id } = ann;
      expect(await under.store.reads.people([id, newPersonId()])).toEqual([
        { id, name: "Ann Önder", kind: "guest" },
      ]);
      const row = (await under.store.reads.sessions([ann.hash])).get(ann.hash);
      expect(row?.me).toEqual({
        ...{ id, name: "Ann Önder", kind: "guest" },
        email: "guest@example.org",
      });
      expect(await under.store.reads.people([])).toEqual([]);
      const events = JSON.stringify(await log(under.store.lobby));
      expect(events).not.toContain("guest@example.org");
    });

    test("members come in pages by id, with how many there are in all", async () => {
      const people = await Promise.all(
        Array.from({ length: 5 }, (_, index) => guest(`Member ${index}`)),
      );
      const [first] = people;
      if (first === undefined) throw new Error("nobody came");
      const stream = await room(first);
      await Promise.all(people.slice(1).map((one) => join(one, stream)));
      const ids = people.map(({ id }) => id).sort();
      const seen: string[] = [];
      for (let after = ""; ; after = seen.at(-1) ?? "") {
        const page = await under.store.reads.members(stream, {
          after,
          limit: 2,
        });
        expect(page.count).toBe(5);
        if (page.members.length === 0) break;
        seen.push(...page.members.map(({ id }) => id));
      }
      expect(seen).toEqual(ids);
    });

    test("memberships answer for everybody asked about, also for who is in no room", async () => {
      const ann = await guest();
      const stream = await room(ann);
      const nobody = newPersonId();
      const rooms = await under.store.reads.memberships([ann.id, nobody]);
      expect(rooms.get(ann.id)).toEqual(new Set([under.store.lobby, stream]));
      expect(rooms.get(nobody)).toEqual(new Set());
      expect(await under.store.reads.memberships([])).toEqual(new Map());
    });

    test("a guest whose session ends leaves every room; what they said stays", async () => {
      const ann = await guest("Ann");
      const ben = await guest("Ben");
      const stream = await room(ann);
      await join(ben, stream);
      const { seq } = await post(ben, "I was here", { stream });
      const ended = await under.store.write("endSession", {
        tokenHash: ben.hash,
      });
      expect(ended).toEqual({ person: ben.id });
      expect(
        (await under.store.reads.sessions([ben.hash])).get(ben.hash),
      ).toBeUndefined();
      expect(await under.store.reads.rooms(ben.id)).toEqual([]);
      for (const left of [stream, under.store.lobby]) {
        const last = (await log(left)).at(-1)?.event;
        expect(last).toMatchObject({ type: "member.left", person: ben.id });
      }
      const inbox = (await log(inboxOf(ben.id))).slice(-2);
      expect(inbox.map(({ event }) => event.type)).toEqual([
        "room.left",
        "room.left",
      ]);
      const page = await under.store.reads.messages(stream, { limit: 1 });
      expect(page.messages[0]).toMatchObject({ seq, text: "I was here" });
      expect(await under.store.reads.people([ben.id])).toHaveLength(1);
    });

    test("ending a session twice, or one that never was, ends nothing more", async () => {
      const ann = await guest();
      await under.store.write("endSession", { tokenHash: ann.hash });
      const before = await head(under.store.lobby);
      for (const tokenHash of [ann.hash, "nonsense"]) {
        const ended = await under.store.write("endSession", { tokenHash });
        expect(ended).toEqual({ person: null });
      }
      expect(await head(under.store.lobby)).toBe(before);
    });

    test("using a session puts off its end", async () => {
      const ann = await guest();
      const expiresAt = Date.now() + 1e9;
      await under.store.write("touchSession", {
        tokenHash: ann.hash,
        expiresAt,
      });
      const row = (await under.store.reads.sessions([ann.hash])).get(ann.hash);
      expect(row?.expiresAt).toBe(expiresAt);
    });

    /** Sweeps as the server does, until nobody is left. */
    const sweep = async (simpleWire: boolean): Promise<number> => {
      for (let rounds = 1; ; rounds += 1) {
        const { isDone } = await under.store.write("sweepGuests", {
          simpleWire,
        });
        if (isDone) return rounds;
      }
    };
    const addGone = (origin: "page" | "simple-wire"): Promise<{ id: string }> =>
      under.store.write("addGuest", {
        ...{ id: newPersonId(), name: "Gone", email: "gone@example.org" },
        ...{ lobby: under.store.lobby, origin },
        ...(origin === "page"
          ? { session: { tokenHash: cid(), expiresAt: Date.now() - 1 } }
          : {}),
      });
    const isHere = ({ id }: { id: string }): Promise<boolean> =>
      under.store.reads.isMember(id, under.store.lobby);

    test("a sweep takes out guests whose session is over, and no one else", async () => {
      const ann = await guest();
      const gone = await addGone("page");
      const simple = await addGone("simple-wire");
      await sweep(false);
      expect(await isHere(gone)).toBe(false);
      expect(await isHere(ann)).toBe(true);
      expect(await isHere(simple)).toBe(true);
      // At a start no connection of the simple wire can be left.
      await sweep(true);
      expect(await isHere(simple)).toBe(false);
      expect(await isHere(ann)).toBe(true);
    });

    test("a sweep of a crowd goes in small transactions and reaches everybody", async () => {
      const crowd = await Promise.all(
        Array.from({ length: 120 }, () => addGone("page")),
      );
      expect(await sweep(false)).toBe(3);
      const rooms = await under.store.reads.memberships(
        crowd.map(({ id }) => id),
      );
      for (const set of rooms.values()) expect(set.size).toBe(0);
    });
  });
}
