import { describe, expect, test } from "bun:test";
import { newPersonId, newRoomId } from "../../identifiers.ts";
import { inboxOf } from "../stream-keys.ts";
import type { StoreUnderTest } from "./store-under-test.ts";

/** Who everybody is, and when a guest is gone. */
export function peopleContract(under: StoreUnderTest): void {
  const { cid, guest, post, room, join, leave, head, log, fate } = under;

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

    test("[D-9] adding the same guest again, because the answer was lost, changes nothing", async () => {
      const { lobby } = under.store;
      const tokenHash = cid();
      const input = {
        ...{ id: newPersonId(), name: "Ann", email: "ann@example.org", lobby },
        origin: "page" as const,
        session: { tokenHash, expiresAt: Date.now() + 86_400_000 },
      };
      const first = await under.store.write("addGuest", input);
      const heads = [await head(lobby), await head(inboxOf(input.id))];
      const times = Array.from({ length: 5 });
      const again = await Promise.all(
        times.map(() => under.store.write("addGuest", input)),
      );
      expect(again).toEqual(times.map(() => first));
      expect([await head(lobby), await head(inboxOf(input.id))]).toEqual(heads);
      // Not even when they have gone in between.
      await under.store.write("endSession", { tokenHash });
      expect(await under.store.write("addGuest", input)).toEqual(first);
      expect(await under.store.reads.isMember(first.id, lobby)).toBe(false);
      const sessions = await under.store.reads.sessions([tokenHash]);
      expect(sessions.size).toBe(0);
    });

    test("one person who comes and goes by many commands at once comes once and goes once", async () => {
      const ann = await guest();
      const ben = await guest("Ben");
      const stream = await room(ann);
      const times = Array.from({ length: 10 });
      const joined = await Promise.all(times.map(() => join(ben, stream)));
      expect(joined.filter(({ repeated }) => !repeated)).toHaveLength(1);
      const left = await Promise.all(times.map(() => leave(ben, stream)));
      expect(left.filter(({ repeated }) => !repeated)).toHaveLength(1);
      expect(await head(stream)).toBe(4);
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
      const { lobby, reads } = under.store;
      const since = await reads.memberSince(ann.id, lobby);
      // Whoever makes a room comes in with its second event.
      expect(rooms.get(ann.id)).toEqual(
        new Map([
          [lobby, since ?? 0],
          [stream, 2],
        ]),
      );
      expect(since).toBe(await under.head(lobby));
      expect(rooms.get(nobody)).toEqual(new Map());
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

    test("[A-2] who has signed out comes into no room any more, also by what they asked before", async () => {
      const ann = await guest();
      const ben = await guest("Ben");
      const stream = await room(ann);
      const [, joined, created] = await Promise.all([
        under.store.write("endSession", { tokenHash: ben.hash }),
        fate("joinRoom", { stream, by: ben.id, cid: cid() }),
        fate("createRoom", {
          ...{ stream: newRoomId(), by: ben.id, cid: cid(), topic: "" },
          name: `Late ${stream}`,
        }),
      ]);
      await sweep(false);
      expect(await under.store.reads.rooms(ben.id)).toEqual([]);
      // On one connection to the database they come after it.
      if (!under.store.isShared) {
        expect([joined, created]).toEqual([
          "unauthenticated",
          "unauthenticated",
        ]);
      }
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
    const over = { expiresAt: Date.now() - 1 };
    const addGone = (): Promise<{ id: string }> =>
      under.store.write("addGuest", {
        ...{ id: newPersonId(), name: "Gone", email: "gone@example.org" },
        ...{ lobby: under.store.lobby, origin: "page" },
        session: { tokenHash: cid(), ...over },
      });
    /** A guest of the simple wire, for so long. */
    const addSimple = async (forMs: number) => {
      const lease = `lease:${cid()}`;
      const { id } = await under.store.write("addGuest", {
        ...{ id: newPersonId(), name: "Tim", email: "tim@example.org" },
        ...{ lobby: under.store.lobby, origin: "simple-wire" },
        lease: { tokenHash: lease, forMs },
      });
      return { id, lease };
    };
    const isHere = ({ id }: { id: string }): Promise<boolean> =>
      under.store.reads.isMember(id, under.store.lobby);
    const endOf = async (lease: string): Promise<number | undefined> =>
      (await under.store.reads.sessions([lease])).get(lease)?.expiresAt;
    /** How often they left the lobby, and whether anything was told to an inbox. */
    const partingsOf = async ({ id }: { id: string }) => {
      const left = (await log(under.store.lobby)).filter(
        ({ event }) => event.type === "member.left" && event.person === id,
      );
      return { left: left.length, inbox: await head(inboxOf(id)) };
    };

    test("a sweep takes out guests whose session or lease is over, and no one else", async () => {
      const ann = await guest();
      const gone = await addGone();
      const simple = await addSimple(180_000);
      const lost = await addSimple(-1);
      await sweep(false);
      expect(await isHere(gone)).toBe(false);
      expect(await isHere(lost)).toBe(false);
      expect(await endOf(lost.lease)).toBeUndefined();
      expect(await isHere(ann)).toBe(true);
      expect(await isHere(simple)).toBe(true);
      expect(await partingsOf(lost)).toEqual({ left: 1, inbox: 0 });
    });

    test("when an only node starts, no connection of the simple wire can be left: its guests go, whatever their lease says", async () => {
      const ann = await guest();
      const crowd = await Promise.all(
        Array.from({ length: 60 }, () => addSimple(180_000)),
      );
      expect(await sweep(true)).toBeGreaterThan(1);
      for (const simple of crowd) {
        expect(await isHere(simple)).toBe(false);
        expect(await endOf(simple.lease)).toBeUndefined();
      }
      expect(await isHere(ann)).toBe(true);
    });

    test("a lease ends so long after its last renewal, by the database's clock; renewed in time, its guest stays", async () => {
      const simple = await addSimple(-1);
      const other = await addSimple(-1);
      const tokenHashes = [simple.lease, `lease:${cid()}`];
      const before = under.store.now();
      await under.store.write("renewLeases", { tokenHashes, forMs: 180_000 });
      const end = (await endOf(simple.lease)) ?? 0;
      expect(end).toBeGreaterThan(before + 179_000);
      expect(end).toBeLessThan(under.store.now() + 181_000);
      await sweep(false);
      expect(await isHere(simple)).toBe(true);
      expect(await isHere(other)).toBe(false);
      // What is over stays over: nobody comes back by a late renewal.
      const late = { tokenHashes: [other.lease], forMs: 180_000 };
      await under.store.write("renewLeases", late);
      expect(await endOf(other.lease)).toBeUndefined();
    });

    test("many leases are renewed in one write, and none is one too", async () => {
      const crowd = await Promise.all(
        Array.from({ length: 100 }, () => addSimple(60_000)),
      );
      const tokenHashes = crowd.map(({ lease }) => lease);
      const before = under.store.now();
      await under.store.write("renewLeases", { tokenHashes, forMs: 180_000 });
      await under.store.write("renewLeases", { tokenHashes: [], forMs: 1 });
      const leases = await under.store.reads.sessions(tokenHashes);
      const ends = Array.from(leases.values(), ({ expiresAt }) => expiresAt);
      expect(ends).toHaveLength(100);
      expect(Math.min(...ends)).toBeGreaterThan(before + 179_000);
      await under.store.write("endLeases", { tokenHashes });
      expect(await Promise.all(crowd.map(isHere))).not.toContain(true);
    });

    test("a guest whose lease is ended leaves at once, once, and has no inbox", async () => {
      const simple = await addSimple(180_000);
      const tokenHashes = [simple.lease];
      await Promise.all(
        Array.from({ length: 5 }, () =>
          under.store.write("endLeases", { tokenHashes }),
        ),
      );
      await under.store.write("endLeases", { tokenHashes: [] });
      expect(await isHere(simple)).toBe(false);
      expect(await endOf(simple.lease)).toBeUndefined();
      expect(await partingsOf(simple)).toEqual({ left: 1, inbox: 0 });
    });

    test("many sweeps at once take everybody out once", async () => {
      const crowd = await Promise.all(
        Array.from({ length: 20 }, () => addSimple(-1)),
      );
      const { lobby } = under.store;
      await Promise.all(Array.from({ length: 8 }, () => sweep(false)));
      for (const simple of crowd) {
        expect(await partingsOf(simple)).toEqual({ left: 1, inbox: 0 });
      }
      const seqs = (await log(lobby)).map(({ event }) => event.seq);
      expect(seqs).toEqual(seqs.map((_, index) => index + 1));
    });

    test("a sweep of a crowd goes in small transactions and reaches everybody", async () => {
      const crowd = await Promise.all(
        Array.from({ length: 120 }, () => addGone()),
      );
      expect(await sweep(false)).toBe(3);
      const rooms = await under.store.reads.memberships(
        crowd.map(({ id }) => id),
      );
      for (const set of rooms.values()) expect(set.size).toBe(0);
    });
  });
}
