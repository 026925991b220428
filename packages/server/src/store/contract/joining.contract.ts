import { afterEach, describe, expect, test } from "bun:test";
import type { JoinMode } from "@parley/protocol";
import { newRoomId, newToken } from "../../identifiers.ts";
import { founder } from "../founder.ts";
import { usualSettings } from "../writes/place-settings.ts";
import { PeopleUnderTest } from "./people-under-test.ts";
import type { StoreUnderTest } from "./store-under-test.ts";

/** Who comes in, as what, and into which rooms. */
export function joiningContract(under: StoreUnderTest): void {
  const { fate, room, cid } = under;
  const people = new PeopleUnderTest(under);
  const { account, invitation, newcomer, decide } = people;

  const roomsOf = async (person: { id: string }): Promise<string[]> =>
    (await under.store.reads.rooms(person.id)).map(({ stream }) => stream);
  afterEach(() => decide(usualSettings));

  describe("the door", () => {
    const modes: [JoinMode, string][] = [
      ["open", "stored"],
      ["invitation", "invitation_needed"],
      ["closed", "join_closed"],
    ];
    for (const [joinMode, outcome] of modes) {
      test(`${joinMode}: who comes without an invitation: ${outcome}, decided with the write`, async () => {
        const guest = newcomer();
        const [, came] = await Promise.all([
          decide({ joinMode }),
          under.store.isShared ? undefined : fate("addGuest", guest),
        ]);
        expect(came ?? outcome).toBe(outcome);
        expect(await fate("addGuest", newcomer())).toBe(outcome);
        const simple = {
          ...{ ...newcomer(), origin: "simple-wire" as const },
          lease: { tokenHash: `lease:${cid()}`, forMs: 1_000 },
        };
        expect(await fate("addGuest", simple)).toBe(outcome);
      });
    }

    test("allowed domains are those behind the @, whole and in any case, also international ones", async () => {
      await decide({ domains: ["example.org", "xn--bcher-kva.example"] });
      const outcomes: [string, string][] = [
        ["ann@example.org", "stored"],
        ["Ann@EXAMPLE.org", "stored"],
        ["ann@bücher.example", "stored"],
        ["ann@evilexample.org", "domain_not_allowed"],
        ["ann@sub.example.org", "domain_not_allowed"],
        ["ann@example.org.evil", "domain_not_allowed"],
        ["example.org@evil", "domain_not_allowed"],
        ["ann@", "domain_not_allowed"],
      ];
      for (const [email, outcome] of outcomes) {
        const guest = { ...newcomer(), email };
        expect([email, await fate("addGuest", guest)]).toEqual([
          email,
          outcome,
        ]);
      }
      // Somebody has chosen whom they invite.
      const ann = await account("moderator");
      const link = await invitation(ann);
      const invited = { ...newcomer(), email: "a@b", invitation: link };
      expect(await fate("addGuest", invited)).toBe("stored");
    });

    test("[M4] [T20] a newcomer is called like nobody with an account, on the page and on the simple wire", async () => {
      const name = `Nora ${newToken(6)}`;
      await account("moderator", name);
      const alike = name.replace("o", "\u043e");
      for (const origin of ["page", "simple-wire"] as const) {
        for (const called of [
          name,
          alike,
          "Admin",
          "\uff21\uff24\uff2d\uff29\uff2e",
        ]) {
          const guest = { ...newcomer(called), origin };
          expect(await fate("addGuest", guest)).toBe("name_confusable");
        }
      }
      expect(await fate("addGuest", newcomer("Somebody"))).toBe("stored");
      expect(await fate("addGuest", newcomer("Somebody"))).toBe("stored");
    });

    test("newcomers are in the lobby and in the rooms for them that are still public", async () => {
      const ann = await account("owner");
      const streams = [await room(ann), await room(ann), await room(ann)];
      const [one = "", other = "", third = ""] = streams;
      const by = founder;
      for (const stream of streams) {
        const input = { by, stream, isDefault: true };
        await under.store.write("changeDefault", input);
      }
      const { defaults } = await under.store.reads.place();
      expect(defaults.toSorted()).toEqual(streams.toSorted());
      const change = { by: ann.id, cid: cid(), stream: other };
      await under.store.write("changeRoom", {
        ...change,
        changes: { archived: true },
      });
      await under.store.write("changeRoom", {
        ...{ ...change, cid: cid(), stream: third },
        changes: { kind: "private" },
      });
      const guest = { ...newcomer(), rooms: streams };
      await under.store.write("addGuest", guest);
      expect(await roomsOf(guest)).toEqual([under.store.lobby, one]);
      for (const stream of streams) {
        const input = { by, stream, isDefault: false };
        await under.store.write("changeDefault", input);
      }
      const later = { ...newcomer(), rooms: streams };
      await under.store.write("addGuest", later);
      expect(await roomsOf(later)).toEqual([under.store.lobby]);
    });

    test("only public rooms that are not archived are made rooms for newcomers", async () => {
      const ann = await account("owner");
      const stream = newRoomId();
      const input = { stream, by: ann.id, cid: cid(), name: "Ours", topic: "" };
      await under.store.write("createRoom", { ...input, kind: "private" });
      const of = (stream: string, by = founder) =>
        fate("changeDefault", { by, stream, isDefault: true });
      expect(await of(stream)).toBe("invalid_value");
      expect(await of(under.store.lobby)).toBe("invalid_value");
      expect(await of(newRoomId())).toBe("not_found");
      const mod = await account("moderator");
      expect(await of(await room(ann), mod.id)).toBe("forbidden");
    });
  });
}
