import { describe, expect, test } from "bun:test";
import {
  mayGrant,
  roles,
  type Me,
  type Rank,
  type Role,
} from "@parley/protocol";
import { newPersonId, newRoomId, newToken } from "../../identifiers.ts";
import { founder } from "../founder.ts";
import { inboxOf, placeStream } from "../stream-keys.ts";
import { PeopleUnderTest } from "./people-under-test.ts";
import type { StoreUnderTest } from "./store-under-test.ts";

const ranks = ["owner", "administrator", "moderator", "member"] as const;

/** What those who look after a place do to the people in it. */
export function administrationContract(under: StoreUnderTest): void {
  const { fate, post, log, head } = under;
  const people = new PeopleUnderTest(under);
  const { account } = people;

  /** Signs somebody in; answers the session's hash. */
  const signedIn = async ({ id: person }: Me): Promise<string> => {
    const tokenHash = newToken(30);
    const expiresAt = Date.now() + 86_400_000;
    const link = { tokenHash: newToken(20), forMs: 60_000 };
    await under.store.write("makeResetLink", { ...link, by: founder, person });
    await under.store.write("resetPassword", {
      ...{ person, link: link.tokenHash, chosen: newToken(20) },
      session: { tokenHash, expiresAt },
    });
    return tokenHash;
  };
  const lastAct = async () => (await log(placeStream)).at(-1)?.event;

  describe("roles", () => {
    test("[T39] each rank grants what mayGrant says and nothing else, to whom it stands above", async () => {
      for (const actorRole of ranks) {
        for (const from of ranks) {
          for (const to of ranks) {
            const actor = await account(actorRole);
            const subject = await account(from);
            const outcome = await fate("setRole", {
              ...{ by: actor.id, person: subject.id, role: to },
            });
            const cell = `${actorRole}: ${from} → ${to}`;
            const isAllowed = mayGrant(actorRole, from, to);
            expect([cell, outcome]).toEqual([
              cell,
              isAllowed ? "stored" : "forbidden",
            ]);
          }
        }
      }
    }, 30_000);

    test("[T39] guests and bots are not made anything by a change of role, and nobody makes them", async () => {
      const boss = await account("owner");
      const guest = await under.guest("Gus");
      const of = (by: string, person: string, role: Role) =>
        fate("setRole", { by, person, role: role as Rank });
      expect(await of(boss.id, guest.id, "administrator")).toBe("forbidden");
      expect(await of(boss.id, founder, "administrator")).toBe("not_found");
      expect(await of(boss.id, newPersonId(), "member")).toBe("not_found");
      const ann = await account("member");
      for (const role of roles.filter(
        (one) => one === "bot" || one === "guest",
      )) {
        expect(await of(boss.id, ann.id, role)).toBe("forbidden");
      }
      expect(await of(guest.id, ann.id, "member")).toBe("forbidden");
    });

    test("a new rank is told in the inbox, in each room, and in the log of the place; the same again says nothing", async () => {
      const boss = await account("administrator");
      const ann = await account("member");
      const input = { by: boss.id, person: ann.id, role: "moderator" as const };
      const me = await under.store.write("setRole", input);
      expect(me).toEqual({ ...ann, rank: "moderator" });
      expect((await log(inboxOf(ann.id))).at(-1)?.event).toMatchObject({
        ...{ type: "me.changed", by: boss.id, me },
      });
      const told = (await log(under.store.lobby)).at(-1)?.event;
      expect(told).toMatchObject({
        ...{ type: "member.changed", by: boss.id },
        person: { id: ann.id, name: ann.name, rank: "moderator" },
      });
      expect(JSON.stringify(told)).not.toContain("example.org");
      expect(await lastAct()).toMatchObject({
        ...{ type: "place.acted", act: "person.role", by: boss.id },
        ...{ person: ann.id, detail: { role: "moderator" } },
      });
      const before = await head(placeStream);
      await under.store.write("setRole", input);
      expect(await head(placeStream)).toBe(before);
    });
  });

  describe("suspending", () => {
    test("who is suspended has no session, no link and no word any more; name and words stay; restored, they are who they were", async () => {
      const mod = await account("moderator");
      const ann = await account("member");
      const session = await signedIn(ann);
      const { seq } = await post(ann, "before");
      const input = { by: mod.id, person: ann.id };
      const me = await under.store.write("suspendPerson", {
        ...{ ...input, suspended: true },
      });
      expect(me).toEqual({ ...ann, suspended: true });
      expect((await under.store.reads.sessions([session])).size).toBe(0);
      const said = { stream: under.store.lobby, by: ann.id, text: "after" };
      const cid = under.cid();
      expect(await fate("appendMessage", { ...said, cid })).toBe(
        "unauthenticated",
      );
      const inbox = (await log(inboxOf(ann.id))).map(({ event }) => event.type);
      expect(inbox.slice(-2)).toEqual(["session.ended", "me.changed"]);
      expect(
        await fate("makeResetLink", {
          ...input,
          tokenHash: "x",
          forMs: 1,
          by: founder,
        }),
      ).toBe("forbidden");
      const page = await under.store.reads.messages(under.store.lobby, {
        ...{ limit: 1, after: seq - 1 },
      });
      expect(page.messages[0]).toMatchObject({ seq, text: "before" });
      expect(await lastAct()).toMatchObject({ act: "person.suspended" });

      await under.store.write("suspendPerson", { ...input, suspended: false });
      expect(await lastAct()).toMatchObject({ act: "person.restored" });
      expect(await post(ann, "again")).toMatchObject({
        cid: expect.any(String) as string,
      });
    });

    test("[T39] moderators suspend only who is below them, and nobody themselves", async () => {
      const of = (by: Me, { id: person }: { id: string }) =>
        fate("suspendPerson", { by: by.id, person, suspended: true });
      const mod = await account("moderator");
      const owner = await account("owner");
      for (const role of ["owner", "administrator", "moderator"] as const) {
        expect(await of(mod, await account(role))).toBe("forbidden");
      }
      expect(await of(owner, owner)).toBe("forbidden");
      expect(await of(owner, { id: founder })).toBe("not_found");
      expect(await of(await account("member"), await under.guest())).toBe(
        "forbidden",
      );
      expect(await of(mod, await under.guest("Gus"))).toBe("stored");
      expect(await of(owner, await account("owner"))).toBe("stored");
    });

    test("a suspended guest of the page loses their session and leaves their rooms, one of the simple wire loses their voice", async () => {
      const mod = await account("moderator");
      const gus = await under.guest("Gus");
      const direct = await under.store.write("openDirect", {
        ...{ stream: newRoomId(), by: gus.id, cid: under.cid() },
        people: [mod.id],
      });
      const lease = { tokenHash: `lease:${newToken(20)}`, forMs: 60_000 };
      const { id, name, email, lobby } = people.newcomer("Tim");
      const tim = await under.store.write("addGuest", {
        ...{ id, name, email, lobby, lease, origin: "simple-wire" },
      });
      const fates: string[] = [];
      for (const { id: person } of [gus, tim]) {
        const input = { by: mod.id, person, suspended: true };
        const me = await under.store.write("suspendPerson", input);
        expect(me).toMatchObject({ id: person, suspended: true });
        const said = { stream: under.store.lobby, by: person, text: "x" };
        const cid = under.cid();
        fates.push(await fate("appendMessage", { ...said, cid }));
      }
      expect(fates).toEqual(["not_found", "unauthenticated"]);
      expect((await under.store.reads.sessions([gus.hash])).size).toBe(0);
      expect(await under.store.reads.rooms(gus.id)).toEqual([]);
      const inbox = (await log(inboxOf(gus.id))).map(({ event }) => event.type);
      expect(inbox.slice(-4).join(" ")).toBe(
        "session.ended me.changed room.left room.left",
      );
      const left = (await log(direct.stream)).at(-1)?.event;
      expect(left).toMatchObject({ type: "member.left", person: gus.id });

      // Restored, they have no way back, and stay outside.
      await under.store.write("suspendPerson", {
        ...{ by: mod.id, person: gus.id, suspended: false },
      });
      expect(await under.store.reads.rooms(gus.id)).toEqual([]);
      // The lease goes on until the connection ends, and takes its guest along.
      await under.store.write("endLeases", { tokenHashes: [lease.tokenHash] });
      expect(await under.store.reads.rooms(tim.id)).toEqual([]);
    });
  });

  describe("sessions and links of others", () => {
    test("signing somebody out ends all their sessions; a guest leaves with the last", async () => {
      const admin = await account("administrator");
      const ann = await account("member");
      const hashes = [await signedIn(ann), await under.guest("Gus")];
      const [, gus] = hashes as [string, Me & { hash: string }];
      const of = (person: string, by = admin.id) =>
        under.store.write("signOutPerson", { by, person });
      expect(await of(ann.id)).toEqual({ ended: 1 });
      expect(await of(ann.id)).toEqual({ ended: 0 });
      expect(await of(gus.id)).toEqual({ ended: 1 });
      expect(await under.store.reads.rooms(gus.id)).toEqual([]);
      const mod = await account("moderator");
      const by = mod.id;
      expect(await fate("signOutPerson", { by, person: ann.id })).toBe(
        "forbidden",
      );
      const equal = await account("administrator");
      const person = equal.id;
      expect(await fate("signOutPerson", { by: admin.id, person })).toBe(
        "forbidden",
      );
    });

    test("of one's own sessions the one that asks stays", async () => {
      const admin = await account("administrator");
      const session = await signedIn(admin);
      const { id } = admin;
      const input = { by: id, person: id, session };
      expect(await under.store.write("signOutPerson", input)).toEqual({
        ended: 0,
      });
      expect((await under.store.reads.sessions([session])).size).toBe(1);
    });

    test("a link to choose a password is for accounts below oneself, and the newest is the one that works", async () => {
      const admin = await account("administrator");
      const ann = await account("member");
      const of = (person: string, by = admin.id, tokenHash = newToken(20)) =>
        fate("makeResetLink", { by, person, tokenHash, forMs: 60_000 });
      const now = under.store.now();
      const works = async (tokenHash: string) =>
        (await under.store.reads.resetLink({ tokenHash, now }))?.person;
      const [first, second] = [newToken(20), newToken(20)];
      expect(await of(ann.id, admin.id, first)).toBe("stored");
      expect(await works(first)).toBe(ann.id);
      expect(await of(ann.id, admin.id, second)).toBe("stored");
      expect([await works(first), await works(second)]).toEqual([
        undefined,
        ann.id,
      ]);
      expect(await of((await under.guest()).id)).toBe("forbidden");
      expect(await of((await account("administrator")).id)).toBe("forbidden");
      expect(await of(admin.id)).toBe("stored");
      expect(await of(founder)).toBe("not_found");
      expect(await of(ann.id, (await account("moderator")).id)).toBe(
        "forbidden",
      );
      expect(JSON.stringify(await log(placeStream))).not.toContain(second);
    });

    test("[T39] a link that was made before somebody rose works no more: who made it may stand below them now", async () => {
      const admin = await account("administrator");
      const ann = await account("member");
      const tokenHash = newToken(20);
      const link = { by: admin.id, person: ann.id, tokenHash, forMs: 60_000 };
      await under.store.write("makeResetLink", link);
      const rise = { by: founder, person: ann.id, role: "owner" as const };
      await under.store.write("setRole", rise);
      const now = under.store.now();
      const { reads } = under.store;
      expect(await reads.resetLink({ tokenHash, now })).toBeUndefined();
    });

    test("adding somebody twice because the answer was lost adds them once, and only administrators add", async () => {
      const admin = await account("administrator");
      const input = (by: string, role: Rank | "member" = "member") => ({
        ...{ id: newPersonId(), by, role, name: `Person ${newToken(8)}` },
        ...{ username: newToken(12).toLowerCase(), email: "a@b" },
        ...{ lobby: under.store.lobby, rooms: [] },
        link: { tokenHash: newToken(20), forMs: 1_000 },
      });
      const one = input(admin.id);
      const first = await under.store.write("addPerson", one);
      expect((await under.store.write("addPerson", one)).me).toEqual(first.me);
      expect(await fate("addPerson", input(admin.id, "owner"))).toBe(
        "forbidden",
      );
      const mod = await account("moderator");
      expect(await fate("addPerson", input(mod.id))).toBe("forbidden");
    });
  });
}
