import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { newPersonId, newToken } from "../../identifiers.ts";
import { founder } from "../founder.ts";
import { inboxOf, placeStream } from "../stream-keys.ts";
import { PeopleUnderTest } from "./people-under-test.ts";
import { StoreUnderTest, type Place } from "./store-under-test.ts";

const decided = {
  name: "Our place",
  joinMode: "invitation" as const,
  domains: ["example.org"],
  language: "zh" as const,
};

/** How a place gets its owner, decides things, and keeps an owner. */
export function claimingContract(makePlace: () => Place): void {
  const opened: StoreUnderTest[] = [];
  /** A place of its own, that nobody owns. */
  const unclaimed = async (): Promise<StoreUnderTest> => {
    const under = new StoreUnderTest(makePlace());
    await under.open();
    opened.push(under);
    return under;
  };
  afterAll(() => Promise.all(opened.map(({ clear }) => clear())));

  const claim = ({ store }: StoreUnderTest, code: string, person?: string) => ({
    ...{ code, settings: decided, person: person ?? newPersonId() },
    ...{ isHere: person !== undefined, name: "Olga", username: "olga" },
    ...{ email: "olga@example.org", secret: "$argon2id$none" },
    session: { tokenHash: newToken(30), expiresAt: Date.now() + 1e9 },
    ...{ lobby: store.lobby, rooms: [] },
  });
  const link = async ({ store }: StoreUnderTest, forMs = 60_000) => {
    const tokenHash = newToken(20);
    await store.write("makeSetupLink", { tokenHash, forMs });
    return tokenHash;
  };

  describe("claiming a place", () => {
    test("[T37] the holder of the link becomes the owner, once, with what they decide; every such link ends with it", async () => {
      const under = await unclaimed();
      const { store, fate } = under;
      const [one, other] = [await link(under), await link(under)];
      expect((await store.reads.place()).isClaimed).toBe(false);
      expect(await fate("claimPlace", claim(under, "wrong"))).toBe("forbidden");
      const overdue = await link(under, 0);
      expect(await fate("claimPlace", claim(under, overdue))).toBe("forbidden");
      const input = claim(under, one);
      const me = await store.write("claimPlace", input);
      expect(me).toEqual({
        ...{ id: input.person, name: "Olga", kind: "member", rank: "owner" },
        ...{ username: "olga", email: "olga@example.org" },
      });
      const { settings, isClaimed } = await store.reads.place();
      expect(isClaimed).toBe(true);
      expect(settings).toMatchObject(decided);
      expect(await fate("claimPlace", claim(under, other))).toBe(
        "link_invalid",
      );
      const tokenHash = newToken(20);
      expect(await store.write("makeSetupLink", { tokenHash, forMs: 1 })).toBe(
        null,
      );
      // The answer was lost, and it is asked once more.
      expect(await store.write("claimPlace", input)).toEqual(me);
      const rooms = await store.reads.rooms(me.id);
      expect(rooms.map(({ kind }) => kind)).toEqual(["lobby"]);
      expect((await under.log(placeStream)).at(-1)?.event).toMatchObject({
        ...{ type: "place.acted", act: "place.claimed", by: me.id },
      });
      expect(
        await fate("addGuest", new PeopleUnderTest(under).newcomer()),
      ).toBe("invitation_needed");
    });

    test("[T3] a guest who is here stays who they are; their sessions from before end", async () => {
      const under = await unclaimed();
      const gus = await under.guest("Gus");
      await under.post(gus, "first");
      const input = claim(under, await link(under), gus.id);
      const me = await under.store.write("claimPlace", input);
      expect(me).toMatchObject({ id: gus.id, name: "Olga", rank: "owner" });
      const hashes = [gus.hash, input.session.tokenHash];
      const sessions = await under.store.reads.sessions(hashes);
      expect([...sessions.keys()]).toEqual([input.session.tokenHash]);
      const inbox = (await under.log(inboxOf(gus.id))).slice(-2);
      expect(inbox.map(({ event }) => event.type)).toEqual([
        "session.ended",
        "me.changed",
      ]);
    });

    test("[Q13] [T37] of 20 who come with the link at once one becomes the owner", async () => {
      const under = await unclaimed();
      const code = await link(under);
      const fates = await Promise.all(
        Array.from({ length: 20 }, (_, index) =>
          under.fate("claimPlace", {
            ...{ ...claim(under, code), name: `Olga ${index}` },
            username: `olga${index}`,
          }),
        ),
      );
      expect(fates.toSorted()).toEqual([
        ...new Array<string>(19).fill("link_invalid"),
        "stored",
      ]);
      const { people } = await under.store.reads.peopleOfPlace({
        ...{ query: "", byEmail: false, limit: 50 },
      });
      expect(people.map(({ role }) => role)).toEqual(["owner"]);
    });

    test("[T20] an owner is not called like the place's own words", async () => {
      const under = await unclaimed();
      const code = await link(under);
      const asAdmin = { ...claim(under, code), username: "admin" };
      expect(await under.fate("claimPlace", asAdmin)).toBe("name_confusable");
      // Refused, the link still works, and nothing was decided.
      expect((await under.store.reads.place()).settings.name).toBeUndefined();
      expect(await under.fate("claimPlace", claim(under, code))).toBe("stored");
    });
  });

  describe("an owner", () => {
    let under: StoreUnderTest;
    let people: PeopleUnderTest;
    beforeAll(async () => {
      under = await unclaimed();
      people = new PeopleUnderTest(under);
    });

    test("[T39] the last one cannot go: not by role, not by suspension, also when two go at once", async () => {
      const [ann, ben] = [
        await people.account("owner"),
        await people.account("owner"),
      ];
      const lower = (by: string, person: string) =>
        under.fate("setRole", { by, person, role: "member" });
      const both = await Promise.all([
        lower(ann.id, ben.id),
        lower(ben.id, ann.id),
      ]);
      expect(both.filter((one) => one === "stored")).toHaveLength(1);
      const { people: all } = await under.store.reads.peopleOfPlace({
        ...{ query: "", byEmail: false, limit: 50 },
      });
      const owner = all.find(({ role }) => role === "owner")?.id ?? "nobody";
      expect(await lower(owner, owner)).toBe("last_owner");
      expect(await lower(founder, owner)).toBe("last_owner");
      const suspend = { by: founder, person: owner, suspended: true };
      expect(await under.fate("suspendPerson", suspend)).toBe("last_owner");
      // A suspended one does not count.
      const third = await people.account("owner");
      const away = { by: founder, person: third.id, suspended: true };
      expect(await under.fate("suspendPerson", away)).toBe("stored");
      expect(await lower(owner, owner)).toBe("last_owner");
    });
  });

  describe("what the place decides", () => {
    test("only administrators decide; what stays the same is no act, and the log says what it became", async () => {
      const under = await unclaimed();
      const people = new PeopleUnderTest(under);
      const admin = await people.account("administrator");
      const mod = await people.account("moderator");
      const changes = {
        roomsBy: "members" as const,
        domains: ["a.org", "b.org"],
      };
      const of = (by: string) => under.fate("changeSettings", { by, changes });
      const gus = await under.guest("Gus");
      expect(await of(mod.id)).toBe("forbidden");
      expect(await of(gus.id)).toBe("forbidden");
      expect(await of(admin.id)).toBe("stored");
      const before = await under.head(placeStream);
      expect(await of(admin.id)).toBe("stored");
      expect(await under.head(placeStream)).toBe(before);
      expect((await under.log(placeStream)).at(-1)?.event).toMatchObject({
        ...{ act: "place.changed", by: admin.id },
        detail: { roomsBy: "members", domains: "a.org, b.org" },
      });
      const made = {
        ...{ stream: `r_${newToken(10)}`, by: gus.id, cid: under.cid() },
        ...{ name: "Mine", topic: "" },
      };
      expect(await under.fate("createRoom", made)).toBe("forbidden");
    });
  });
}
