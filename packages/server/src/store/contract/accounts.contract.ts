import { describe, expect, test } from "bun:test";
import { newToken } from "../../identifiers.ts";
import { founder } from "../founder.ts";
import { inboxOf } from "../stream-keys.ts";
import {
  AccountsUnderTest,
  claimOf,
  newName,
  newUsername,
} from "./accounts-under-test.ts";
import { PeopleUnderTest } from "./people-under-test.ts";
import type { StoreUnderTest } from "./store-under-test.ts";

/** How a guest gets an account, and what it is called. */
export function accountsContract(under: StoreUnderTest): void {
  const { fate, guest, head, log } = under;
  const { decide, invitation, newcomer } = new PeopleUnderTest(under);
  const { account, isOpen } = new AccountsUnderTest(under);

  describe("claiming an account", () => {
    test("makes the same person a member, told in their inbox and their rooms, and ends their session for a new one", async () => {
      const ann = await guest(newName());
      const before = await head(under.store.lobby);
      const claim = claimOf(ann);
      const me = await under.store.write("claimAccount", claim);
      expect(me).toEqual({
        ...{ id: ann.id, name: ann.name, kind: "member" },
        ...{ username: claim.username, email: claim.email },
      });
      expect(await isOpen(ann.hash)).toBe(false);
      const session = (
        await under.store.reads.sessions([claim.session.tokenHash])
      ).get(claim.session.tokenHash);
      expect(session?.me).toEqual(me);
      expect(session?.confirmedAt).toBe(session!.createdAt);
      const told = (await log(inboxOf(ann.id))).map(({ event }) => event.type);
      expect(told.slice(-2)).toEqual(["session.ended", "me.changed"]);
      const events = (await log(under.store.lobby)).slice(before);
      expect(events.map(({ event }) => event)).toMatchObject([
        { type: "member.changed", person: { id: ann.id, kind: "member" } },
      ]);
      expect(JSON.stringify(events)).not.toContain("@");
    });

    test("asked again after a lost answer is done once", async () => {
      const claim = claimOf(await guest(newName()));
      const me = await under.store.write("claimAccount", claim);
      const position = await head(inboxOf(me.id));
      expect(await under.store.write("claimAccount", claim)).toEqual(me);
      expect(await head(inboxOf(me.id))).toBe(position);
    });

    test("is for guests only, for those of the page, and for those who see the place", async () => {
      const bea = await account();
      expect(await fate("claimAccount", claimOf(bea))).toBe("already_member");
      expect(
        await fate("claimAccount", claimOf({ ...bea, id: "u_nobody0000" })),
      ).toBe("unauthenticated");
      const { id, name, email, lobby } = newcomer(newName());
      await under.store.write("addGuest", {
        ...{ id, name, email, lobby, origin: "simple-wire" },
        lease: { tokenHash: `lease:${newToken(20)}`, forMs: 60_000 },
      });
      const lent = { ...bea, id, name };
      expect(await fate("claimAccount", claimOf(lent))).toBe("forbidden");
      const made = await invitation(
        { id: founder },
        { bound: true, rooms: [under.store.lobby] },
      );
      const bound = await under.store.write("addGuest", {
        ...{ ...newcomer(newName()), invitation: made },
      });
      expect(bound.bound).toBe(true);
      expect(await fate("claimAccount", claimOf(bound))).toBe(
        "invitation_needed",
      );
    });

    test("goes by how one may come in at this moment", async () => {
      const cleo = await guest(newName());
      try {
        await decide({ joinMode: "invitation" });
        expect(await fate("claimAccount", claimOf(cleo))).toBe(
          "invitation_needed",
        );
        await decide({ joinMode: "open", domains: ["example.com"] });
        expect(await fate("claimAccount", claimOf(cleo))).toBe(
          "domain_not_allowed",
        );
      } finally {
        await decide({ joinMode: "open", domains: [] });
      }
      expect(await fate("claimAccount", claimOf(cleo))).toBe("stored");
    });

    test("that is refused leaves nothing behind", async () => {
      const [dora, eve] = [await account(), await guest(newName())];
      const claim = claimOf(eve, { username: dora.username });
      expect(await fate("claimAccount", claim)).toBe("name_taken");
      expect(await under.store.reads.secretOf(eve.id)).toBeUndefined();
      expect(await isOpen(eve.hash)).toBe(true);
      expect(await isOpen(claim.session.tokenHash)).toBe(false);
    });

    test("[Q14] of ten who want one user name at once, one gets it", async () => {
      const guests = await Promise.all(
        Array.from({ length: 10 }, () => guest(newName())),
      );
      const username = newUsername();
      const fates = await Promise.all(
        guests.map((one) => fate("claimAccount", claimOf(one, { username }))),
      );
      expect(fates.toSorted()).toEqual([
        ...new Array<string>(9).fill("name_taken"),
        "stored",
      ]);
    });
  });

  describe("[T35] an address", () => {
    const signsIn = async (email: string) =>
      (await under.store.reads.credentialFor(email))?.person;

    test("goes on to sign in whoever had it first, whoever writes it into their profile later", async () => {
      const early = await guest(newName());
      const old = await account();
      const email = `${newUsername()}@example.org`;
      const ann = await account({ email });
      // Both were here before her.
      await under.store.write("claimAccount", claimOf(early, { email }));
      await under.store.write("changeMe", {
        ...{ by: old.id, changes: { email: email.toUpperCase() } },
      });
      expect(await signsIn(email)).toBe(ann.id);
      const changes = { name: newName() };
      await under.store.write("changeMe", { by: ann.id, changes });
      expect(await signsIn(email)).toBe(ann.id);

      // Once she has another, it is free for who takes it then.
      const other = `${newUsername()}@example.org`;
      await under.store.write("changeMe", {
        ...{ by: ann.id, changes: { email: other } },
      });
      expect(await signsIn(email)).toBeUndefined();
      expect(await signsIn(other)).toBe(ann.id);
      const next = await account({ email });
      expect(await signsIn(email)).toBe(next.id);
    });
  });

  describe("[T20] an account's names", () => {
    test("are nobody else's, nor is what looks like them: for newcomers, for changes, as a user name", async () => {
      const name = `Zo${newToken(6).toLowerCase()}m`;
      const fay = await account({ name });
      const alike = name.toUpperCase().replace("M", "rn");
      expect(await fate("addGuest", newcomer(alike))).toBe("name_confusable");
      expect(await fate("addGuest", newcomer(fay.username))).toBe(
        "name_confusable",
      );
      const gus = await guest(newName());
      const changes = { name: alike };
      expect(await fate("changeMe", { by: gus.id, changes })).toBe(
        "name_confusable",
      );
      expect(
        await fate(
          "claimAccount",
          claimOf(gus, { username: name.toLowerCase() }),
        ),
      ).toBe("name_confusable");
      // Their own names are no obstacle to themselves.
      const own = { by: fay.id, changes: { name: name.toUpperCase() } };
      expect(await fate("changeMe", own)).toBe("stored");
    });

    test("are free once they are called otherwise", async () => {
      const name = newName();
      const hal = await account({ name });
      expect(await fate("addGuest", newcomer(name))).toBe("name_confusable");
      await under.store.write("changeMe", {
        ...{ by: hal.id, changes: { name: newName() } },
      });
      expect(await fate("addGuest", newcomer(name))).toBe("stored");
    });

    test("may be as long as names are, of letters that grow eighteenfold", async () => {
      const name = "\ufdfa".repeat(64);
      await account({ name });
      expect(await fate("addGuest", newcomer(name))).toBe("name_confusable");
      expect(await fate("addGuest", newcomer("\ufdfa".repeat(63)))).toBe(
        "stored",
      );
    });

    test("are not those of the place", async () => {
      const place = `Hub ${newToken(6)}`;
      await decide({ name: place });
      for (const name of ["Admin", "аdmin", "Owner", "EVERYONE", place]) {
        expect(await fate("addGuest", newcomer(name))).toBe("name_confusable");
      }
    });

    test("a change of nothing is told to nobody", async () => {
      const ida = await account();
      const position = await head(inboxOf(ida.id));
      const changes = { name: ida.name, username: ida.username };
      await under.store.write("changeMe", { by: ida.id, changes });
      expect(await head(inboxOf(ida.id))).toBe(position);
    });
  });
}
