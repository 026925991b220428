import { describe, expect, test } from "bun:test";
import { PeopleUnderTest } from "./people-under-test.ts";
import type { StoreUnderTest } from "./store-under-test.ts";

/** What an invitation is to who is here already. */
export function acceptingContract(under: StoreUnderTest): void {
  const { fate, guest, log, room } = under;
  const { account, invitation, newcomer } = new PeopleUnderTest(under);

  const accept = ({ id: by }: { id: string }, link: string) => {
    return { by, invitation: link, rooms: [] };
  };
  const roomsOf = async (person: { id: string }): Promise<string[]> =>
    (await under.store.reads.rooms(person.id)).map(({ stream }) => stream);

  describe("an invitation, to who is here already", () => {
    test("[T38] leads into its rooms as who they are, by whom it is from; no role comes with it", async () => {
      const [boss, ann] = [await account("owner"), await account("member")];
      const stream = await room(boss);
      const link = await invitation(boss, {
        ...{ role: "administrator", rooms: [stream], uses: 1 },
      });
      const answer = await under.store.write(
        "acceptInvitation",
        accept(ann, link),
      );
      expect(answer).toEqual({ rooms: [stream] });
      expect(await roomsOf(ann)).toEqual([under.store.lobby, stream]);
      expect((await log(stream)).at(-1)?.event).toMatchObject({
        ...{ type: "member.joined", by: boss.id, person: { id: ann.id } },
      });
      const own = await under.store.reads.own(ann.id);
      expect(own?.me).toEqual(ann);

      // Used up, and by them: the same answer again, and nobody else's way in.
      const again = await under.store.write(
        "acceptInvitation",
        accept(ann, link),
      );
      expect(again).toEqual(answer);
      const [made] = await under.store.reads.invitations({ by: boss.id });
      expect(made).toMatchObject({ used: 1, usesLeft: 0 });
      const ben = await account("member");
      expect(await fate("acceptInvitation", accept(ben, link))).toBe(
        "invite_invalid",
      );
      expect(await roomsOf(ben)).toEqual([under.store.lobby]);
    });

    test("is not used up where there is nothing new in it", async () => {
      const mod = await account("moderator");
      const stream = await room(mod);
      const link = await invitation(mod, { rooms: [stream], uses: 1 });
      expect(
        await under.store.write("acceptInvitation", accept(mod, link)),
      ).toEqual({ rooms: [stream] });
      const empty = await invitation(mod, { uses: 1 });
      expect(
        await under.store.write("acceptInvitation", accept(mod, empty)),
      ).toEqual({ rooms: [] });
      const made = await under.store.reads.invitations({ by: mod.id });
      expect(made.map(({ used }) => used)).toEqual([0, 0]);
    });

    test("[T38] revoked, run out, never made: one answer; and a guest makes their account at the door", async () => {
      const mod = await account("moderator");
      const stream = await room(mod);
      const rooms = [stream];
      const over = await invitation(mod, { rooms, forMs: 0 });
      const revoked = await invitation(mod, { rooms });
      const own = await under.store.reads.invitations({ by: mod.id });
      const id = own.find((one) => one.expiresAt === null)?.id ?? "none";
      await under.store.write("revokeInvitation", { by: mod.id, id });
      const gus = await guest("Gus");
      for (const link of [over, revoked, "nonsense"]) {
        expect(await fate("acceptInvitation", accept(gus, link))).toBe(
          "invite_invalid",
        );
      }
      const forAccounts = await invitation(mod, { rooms, role: "member" });
      expect(await fate("acceptInvitation", accept(gus, forAccounts))).toBe(
        "forbidden",
      );
      const forGuests = await invitation(mod, { rooms });
      expect(await fate("acceptInvitation", accept(gus, forGuests))).toBe(
        "stored",
      );
    });

    test("[A-3] a guest who is bound to rooms stays bound, and has one more", async () => {
      const mod = await account("moderator");
      const [first, second] = [await room(mod), await room(mod)];
      const link = await invitation(mod, { rooms: [first], bound: true });
      const gus = await under.store.write("addGuest", {
        ...{ ...newcomer("Gus"), invitation: link, rooms: [first] },
      });
      const open = await invitation(mod, { rooms: [second] });
      await under.store.write("acceptInvitation", accept(gus, open));
      expect((await roomsOf(gus)).sort()).toEqual([first, second].sort());
      expect((await under.store.reads.own(gus.id))?.me.bound).toBe(true);
    });
  });
}
