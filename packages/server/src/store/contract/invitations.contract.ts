import { afterEach, describe, expect, test } from "bun:test";
import { newPersonId, newRoomId, newToken } from "../../identifiers.ts";
import { usualSettings } from "../writes/place-settings.ts";
import { PeopleUnderTest } from "./people-under-test.ts";
import type { StoreUnderTest } from "./store-under-test.ts";

/** Whom an invitation lets in, as what and to where, and when it no longer does. */
export function invitationsContract(under: StoreUnderTest): void {
  const { fate, room, post, log, cid } = under;
  const people = new PeopleUnderTest(under);
  const { account, invitation, newcomer, newAccount, decide } = people;

  const roomsOf = async (person: { id: string }): Promise<string[]> =>
    (await under.store.reads.rooms(person.id)).map(({ stream }) => stream);
  const inForce = (tokenHash: string) =>
    under.store.reads.invitationInForce({ tokenHash, now: under.store.now() });

  afterEach(() => decide(usualSettings));

  describe("invitations", () => {
    test("[T38] lets in as what it says, by whom, and into its rooms; a closed place stays closed", async () => {
      const ann = await account("administrator");
      const stream = await room(ann, "Design here");
      await decide({ joinMode: "invitation" });
      const link = await invitation(ann, {
        role: "moderator",
        rooms: [stream],
      });
      expect(await inForce(link)).toMatchObject({
        ...{ by: { id: ann.id, name: ann.name }, role: "moderator" },
        ...{ bound: false, rooms: [{ stream, name: "Design here" }] },
      });
      const ben = newAccount(link);
      const me = await under.store.write("addAccount", ben);
      expect(me).toEqual({
        ...{ id: ben.id, name: ben.name, kind: "member", rank: "moderator" },
        ...{ username: ben.username, email: ben.email },
      });
      expect(await roomsOf(me)).toEqual([under.store.lobby, stream]);
      const joined = (await log(stream)).at(-1)?.event;
      expect(joined).toMatchObject({ type: "member.joined", by: ann.id });
      const confirmed = await under.store.reads.sessions([
        ben.session.tokenHash,
      ]);
      expect(confirmed.get(ben.session.tokenHash)?.confirmedAt).toBeGreaterThan(
        0,
      );

      await decide({ joinMode: "closed" });
      expect(await fate("addAccount", newAccount(link))).toBe("join_closed");
    });

    test("[D-9] used again because the answer was lost, it is used once", async () => {
      const ann = await account("moderator");
      const link = await invitation(ann, { uses: 2 });
      const guest = { ...newcomer(), invitation: link };
      const first = await under.store.write("addGuest", guest);
      expect(await under.store.write("addGuest", guest)).toEqual(first);
      const [made] = await under.store.reads.invitations({ by: ann.id });
      expect(made).toMatchObject({ used: 1, usesLeft: 1 });
    });

    test("[T38] run out, used up, revoked, made by somebody who may no longer, or never made: one answer", async () => {
      const ann = await account("moderator");
      const boss = await account("owner");
      const over = await invitation(ann, { forMs: 0 });
      const used = await invitation(ann, { uses: 1 });
      await under.store.write("addGuest", {
        ...{ ...newcomer(), invitation: used },
      });
      const revoked = await invitation(ann);
      const own = await under.store.reads.invitations({ by: ann.id });
      const last = own.find((one) => one.used === 0 && one.expiresAt === null);
      const id = last?.id ?? "none";
      await under.store.write("revokeInvitation", { by: boss.id, id });
      const suspended = await account("moderator");
      const ofSuspended = await invitation(suspended);
      const suspend = { by: boss.id, person: suspended.id, suspended: true };
      await under.store.write("suspendPerson", suspend);
      const demoted = await account("moderator");
      const ofDemoted = await invitation(demoted);
      const lower = {
        by: boss.id,
        person: demoted.id,
        role: "member" as const,
      };
      await under.store.write("setRole", lower);
      const admin = await account("administrator");
      const tooHigh = await invitation(admin, { role: "administrator" });
      const fall = {
        by: boss.id,
        person: admin.id,
        role: "moderator" as const,
      };
      await under.store.write("setRole", fall);

      const all = { over, used, revoked, ofSuspended, ofDemoted, tooHigh };
      for (const [why, link] of Object.entries({ ...all, none: "nonsense" })) {
        const guest = { ...newcomer(), invitation: link };
        expect([why, await fate("addGuest", guest)]).toEqual([
          why,
          "invite_invalid",
        ]);
        expect([why, await inForce(link)]).toEqual([why, undefined]);
      }
    });

    test("[T39] nobody invites above themselves, nobody makes bots, and only moderators and above invite", async () => {
      const of = async (by: { id: string }, role: string) => {
        const wanted = { role: role as "guest" };
        try {
          await invitation(by, wanted);
          return "stored";
        } catch (error) {
          return (error as { code: string }).code;
        }
      };
      const mod = await account("moderator");
      const admin = await account("administrator");
      expect(await of(mod, "moderator")).toBe("stored");
      expect(await of(mod, "administrator")).toBe("forbidden");
      expect(await of(admin, "owner")).toBe("forbidden");
      expect(await of(admin, "bot")).toBe("forbidden");
      expect(await of(await account("member"), "guest")).toBe("forbidden");
      expect(await of(await under.guest("Gus"), "guest")).toBe("forbidden");
    });

    test("[T7] an invitation leads only to rooms that its maker may let others into, when it is made and when it is used", async () => {
      const ann = await account("moderator");
      const ben = await account("owner");
      const secret = newRoomId();
      const made = { stream: secret, by: ben.id, cid: cid(), topic: "" };
      const kind = { name: "Secret", kind: "private" as const };
      await under.store.write("createRoom", { ...made, ...kind });
      const of = (rooms: string[]) =>
        fate("makeInvitation", {
          ...{ id: `i_${newToken(10)}`, tokenHash: newToken(20), by: ann.id },
          ...{ role: "guest", bound: false, rooms, uses: null, forMs: null },
          note: "",
        });
      expect(await of([secret])).toBe("not_found");
      expect(await of([newRoomId()])).toBe("not_found");
      await under.store.write("inviteToRoom", {
        ...{ stream: secret, by: ben.id, cid: cid(), people: [ann.id] },
      });
      expect(await of([secret])).toBe("stored");

      const open = await room(ben);
      const link = await invitation(ann, { rooms: [secret, open] });
      const guest = { ...newcomer(), invitation: link };
      await under.store.write("addGuest", guest);
      expect((await roomsOf(guest)).toSorted()).toEqual(
        [under.store.lobby, secret, open].toSorted(),
      );
      await under.leave(ann, secret);
      const late = { ...newcomer(), invitation: link };
      await under.store.write("addGuest", late);
      expect(await roomsOf(late)).not.toContain(secret);
      expect((await inForce(link))?.rooms.map(({ stream }) => stream)).toEqual([
        open,
      ]);
    });

    test("a bound guest is in the rooms of the link and nowhere else, also not in the lobby", async () => {
      const ann = await account("moderator");
      const stream = await room(ann);
      const link = await invitation(ann, { bound: true, rooms: [stream] });
      const guest = {
        ...{ ...newcomer("Visitor"), invitation: link },
        rooms: [stream],
      };
      const me = await under.store.write("addGuest", guest);
      expect(me).toMatchObject({ kind: "guest", bound: true });
      expect(await roomsOf(me)).toEqual([stream]);
      expect(await post(me, "hello", { stream })).toMatchObject({ stream });
      const other = await room(ann);
      expect(
        await fate("joinRoom", { stream: other, by: me.id, cid: cid() }),
      ).toBe("not_found");
      const lobby = await invitation(ann, {
        ...{ bound: true, rooms: [stream, under.store.lobby] },
      });
      const second = { ...newcomer("Visitor"), invitation: lobby };
      await under.store.write("addGuest", second);
      expect(await roomsOf(second)).toEqual([under.store.lobby, stream]);
      // With its only room archived nothing is left that they would see.
      await under.store
        .write("changeRoom", {
          ...{ stream, by: ann.id, cid: cid(), changes: { archived: true } },
        })
        .catch(() => undefined);
      const boss = await account("owner");
      await under.store.write("changeRoom", {
        ...{ stream, by: boss.id, cid: cid(), changes: { archived: true } },
      });
      const late = { ...newcomer(), invitation: link };
      expect(await fate("addGuest", late)).toBe("invite_invalid");
    });

    test("what cannot be is refused: bound to nowhere, bound with an account, a guest's invitation for an account and the reverse", async () => {
      const ann = await account("administrator");
      const stream = await room(ann);
      const of = (wanted: object) =>
        fate("makeInvitation", {
          ...{ id: `i_${newToken(10)}`, tokenHash: newToken(20), by: ann.id },
          ...{ role: "guest", bound: true, rooms: [], uses: null, forMs: null },
          ...{ note: "", ...wanted },
        });
      expect(await of({})).toBe("invalid_value");
      expect(await of({ role: "member", rooms: [stream] })).toBe(
        "invalid_value",
      );
      const forGuests = await invitation(ann);
      expect(await fate("addAccount", newAccount(forGuests))).toBe(
        "invalid_value",
      );
      const forMembers = await invitation(ann, { role: "member", uses: 1 });
      const guest = { ...newcomer(), invitation: forMembers };
      expect(await fate("addGuest", guest)).toBe("missing_field");
      // Refused, it is not used.
      expect(await fate("addAccount", newAccount(forMembers))).toBe("stored");
    });

    test("one takes back one's own, administrators anybody's, and others see none", async () => {
      const ann = await account("moderator");
      const ben = await account("moderator");
      const boss = await account("administrator");
      await invitation(ann, { note: "For Ben" });
      const [own] = await under.store.reads.invitations({ by: ann.id });
      if (own === undefined) throw new Error("no invitation");
      expect(own).toMatchObject({
        ...{ by: ann.id, note: "For Ben", used: 0, usesLeft: null },
        ...{ role: "guest", bound: false, rooms: [], revokedAt: null },
      });
      const revoke = (by: string, id = own.id) =>
        fate("revokeInvitation", { by, id });
      expect(await revoke(ben.id)).toBe("not_found");
      expect(await revoke(boss.id, "i_nothing")).toBe("not_found");
      expect(await revoke(boss.id)).toBe("stored");
      expect(await revoke(ann.id)).toBe("stored");
      const [gone] = await under.store.reads.invitations({ by: ann.id });
      expect(gone?.revokedAt).toBeGreaterThan(0);
      expect(await under.store.reads.invitations({ by: ben.id })).toEqual([]);
      const all = await under.store.reads.invitations({});
      expect(all.map(({ id }) => id)).toContain(own.id);
    });

    test("[T20] a user name is had once, and a look-alike of it is refused", async () => {
      const ann = await account("administrator");
      const link = await invitation(ann, { role: "member" });
      const ben = newAccount(link);
      await under.store.write("addAccount", ben);
      const again = { ...newAccount(link), username: ben.username };
      expect(await fate("addAccount", again)).toBe("name_taken");
      const same = { ...newAccount(link), name: ben.name };
      expect(await fate("addAccount", same)).toBe("name_confusable");
      expect(await under.store.reads.people([again.id, same.id])).toEqual([]);
      const unknown = newPersonId();
      expect(await under.store.reads.people([unknown])).toEqual([]);
    });
  });
}
