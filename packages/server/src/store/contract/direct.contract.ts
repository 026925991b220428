import { describe, expect, test } from "bun:test";
import type { EventOf, Me } from "@parley/protocol";
import { newPersonId, newRoomId } from "../../identifiers.ts";
import { founder } from "../founder.ts";
import { inboxOf } from "../stream-keys.ts";
import type { WriteResult } from "../writes/writes.ts";
import type { StoreUnderTest } from "./store-under-test.ts";

/** Conversations of a few: found again, never widened, refused by who does not want them. */
export function directContract(under: StoreUnderTest): void {
  const { become, cid, fate, guest, head, log, post } = under;

  const asked = (by: Me, people: readonly { id: string }[]) => ({
    ...{ stream: newRoomId(), by: by.id, cid: cid() },
    people: people.map(({ id }) => id),
  });
  const open = (
    by: Me,
    people: readonly { id: string }[],
  ): Promise<WriteResult<"openDirect">> =>
    under.store.write("openDirect", asked(by, people));
  const people = (count: number): Promise<Me[]> =>
    Promise.all(
      Array.from({ length: count }, (_, index) => guest(`Person ${index}`)),
    );
  const roomOf = (who: Me, stream: string) =>
    under.store.reads.room(who.id, stream);

  describe("a direct room", () => {
    test("is new once, and found again by whoever of its people asks, in any order, themselves among them or not", async () => {
      const [ann, ben, cleo] = (await people(3)) as [Me, Me, Me];
      const first = await open(ann, [ben, cleo]);
      expect(first).not.toHaveProperty("repeated");
      const again = [
        await open(ann, [cleo, ben]),
        await open(ben, [ann, cleo]),
        await open(cleo, [cleo, ben, ann, ben]),
      ];
      for (const { stream, repeated } of again) {
        expect({ stream, repeated }).toEqual({
          ...{ stream: first.stream, repeated: true },
        });
      }
      const pair = await open(ann, [ben]);
      expect(pair.stream).not.toBe(first.stream);
      const types: string[] = (await log(first.stream)).map(
        ({ event }) => event.type,
      );
      expect(types).toEqual([
        "room.created",
        ...new Array<string>(3).fill("member.joined"),
      ]);
    });

    test("is told to each in their inbox with the others in it, as a list would tell it", async () => {
      const [ann, ben, cleo] = (await people(3)) as [Me, Me, Me];
      const { stream } = await open(ann, [ben, cleo]);
      for (const who of [ann, ben, cleo]) {
        const told = (await log(inboxOf(who.id))).at(-1)?.event;
        const { room } = told as EventOf<"room.joined">;
        const others = [ann, ben, cleo]
          .map(({ id }) => id)
          .filter((id) => id !== who.id)
          .sort();
        expect(room.people?.map(({ id }) => id)).toEqual(others);
        const listed = await roomOf(who, stream);
        // The list is read later: the rest have come meanwhile.
        expect({ ...listed, head: room.head }).toEqual(room as never);
        expect(JSON.stringify(room)).not.toContain("@");
      }
    });

    test("is in the sight of who opened it; of the others only when something is said", async () => {
      const [ann, ben, cleo] = (await people(3)) as [Me, Me, Me];
      const { stream } = await open(ann, [ben, cleo]);
      expect((await roomOf(ann, stream))?.hidden).toBeUndefined();
      for (const who of [ben, cleo]) {
        expect((await roomOf(who, stream))?.hidden).toBe(4);
      }
      await post(ann, "hello", { stream });
      for (const who of [ben, cleo]) {
        expect((await roomOf(who, stream))?.hidden).toBeUndefined();
      }
    });

    test("that was put out of sight comes back when it is opened, or when something is said, and stays", async () => {
      const [ann, ben] = (await people(2)) as [Me, Me];
      const { stream } = await open(ann, [ben]);
      await post(ben, "hello", { stream });
      const hide = () =>
        under.store.write("arrangeRoom", { by: ann.id, stream, hidden: true });
      expect(await hide()).toMatchObject({ hidden: 4 });
      expect((await roomOf(ann, stream))?.hidden).toBe(4);
      await open(ann, [ben]);
      expect((await roomOf(ann, stream))?.hidden).toBeUndefined();
      await hide();
      await post(ben, "are you there?", { stream });
      expect((await roomOf(ann, stream))?.hidden).toBeUndefined();
      // What else is arranged does not hide it anew.
      expect(
        await under.store.write("arrangeRoom", {
          ...{ by: ann.id, stream, muted: true },
        }),
      ).toEqual({ stream, favourite: false, muted: true, hidden: 0 });
    });

    test("opened many times at once, from both sides, is one room", async () => {
      const [ann, ben] = (await people(2)) as [Me, Me];
      const answers = await Promise.all(
        Array.from({ length: 10 }, (_, n) =>
          n % 2 ? open(ann, [ben]) : open(ben, [ann]),
        ),
      );
      expect(new Set(answers.map(({ stream }) => stream)).size).toBe(1);
      expect(answers.filter(({ repeated }) => !repeated)).toHaveLength(1);
      const direct = (await under.store.reads.rooms(ann.id)).filter(
        ({ kind }) => kind === "direct",
      );
      expect(direct).toHaveLength(1);
    });

    test("is of two people at least, and of people who are here", async () => {
      const [ann, ben] = [await guest(), await guest()];
      expect(await fate("openDirect", asked(ann, [ann]))).toBe("invalid_value");
      await under.store.write("endSession", { tokenHash: ben.hash });
      const gone = [{ id: newPersonId() }, { id: founder }, ben];
      for (const other of gone) {
        expect(await fate("openDirect", asked(ann, [other]))).toBe("not_found");
      }
      const simple = await under.store.write("addGuest", {
        ...{ id: newPersonId(), name: "Tim", email: "tim@example.org" },
        ...{ lobby: under.store.lobby, origin: "simple-wire" },
        lease: { tokenHash: `lease:${cid()}`, forMs: 60_000 },
      });
      expect(await fate("openDirect", asked(ann, [simple]))).toBe("not_found");
    });

    test("has nine people at most", async () => {
      const [ann, ...others] = (await people(9)) as [Me, ...Me[]];
      const { stream } = await open(ann, others);
      expect(await head(stream)).toBe(10);
    });

    test("is nothing for who is bound to rooms: they open none, and nobody opens one with them", async () => {
      const [ann, ben] = (await people(2)) as [Me, Me];
      await become(ben, { role: "guest", bound: true });
      expect(await fate("openDirect", asked(ben, [ann]))).toBe("forbidden");
      // Not even whether somebody is there.
      const nobody = { id: newPersonId() };
      expect(await fate("openDirect", asked(ben, [nobody]))).toBe("forbidden");
      expect(await fate("openDirect", asked(ann, [ben]))).toBe("forbidden");
      for (const person of [ann.id, nobody.id]) {
        const block = { by: ben.id, person, blocked: true };
        expect(await fate("blockPerson", block)).toBe("forbidden");
      }
    });

    test("[A-1] never becomes anything else, whoever asks: nobody is let in, taken out, and nobody leaves", async () => {
      const [ann, ben, cleo] = (await people(3)) as [Me, Me, Me];
      await become(ann, { role: "owner" });
      const { stream } = await open(ann, [ben]);
      const from = () => ({ stream, by: ann.id, cid: cid() });
      const before = await head(stream);
      const fates = [
        await fate("inviteToRoom", { ...from(), people: [cleo.id] }),
        await fate("removeFromRoom", { ...from(), person: ben.id }),
        await fate("changeRoom", { ...from(), changes: { kind: "public" } }),
        await fate("changeRoom", { ...from(), changes: { name: "Ours" } }),
        await fate("changeRoom", { ...from(), changes: { archived: true } }),
        await fate("changeMember", {
          ...{ ...from(), person: ann.id, moderator: true },
        }),
        await fate("leaveRoom", from()),
      ];
      expect(fates).toEqual(new Array<string>(7).fill("forbidden"));
      const outside = { stream, by: cleo.id, cid: cid() };
      expect(await fate("joinRoom", outside)).toBe("not_found");
      await become(cleo, { role: "owner" });
      const archive = { ...outside, changes: { archived: true } };
      expect(await fate("changeRoom", archive)).toBe("not_found");
      expect(await head(stream)).toBe(before);
    });
  });

  describe("who blocks somebody", () => {
    const block = (who: Me, other: Me, blocked: boolean) =>
      under.store.write("blockPerson", {
        ...{ by: who.id, person: other.id, blocked },
      });

    test("is not written to by them: in the room there is, and in no new one", async () => {
      const [ann, ben, cleo] = (await people(3)) as [Me, Me, Me];
      const { stream } = await open(ben, [ann]);
      await post(ben, "hello", { stream });
      await block(ann, ben, true);
      const message = { stream, by: ben.id, cid: cid(), text: "listen" };
      expect(await fate("appendMessage", message)).toBe("blocked");
      expect(await fate("openDirect", asked(ben, [ann, cleo]))).toBe("blocked");
      // Opening what there is only shows it.
      expect((await open(ben, [ann])).stream).toBe(stream);
      await post(ann, "I may", { stream });
      await post(ben, "elsewhere we are two of many");
      await block(ann, ben, false);
      expect(await fate("appendMessage", message)).toBe("stored");
    });

    test("is told so on their devices only, and only when it is news; the other hears nothing", async () => {
      const [ann, ben] = (await people(2)) as [Me, Me];
      const before = await head(inboxOf(ben.id));
      for (const blocked of [true, true, false, false]) {
        expect(await block(ann, ben, blocked)).toEqual({
          ...{ person: ben.id, blocked },
        });
      }
      const told = (await log(inboxOf(ann.id)))
        .map(({ event }) => event)
        .filter(({ type }) => type === "person.blocked");
      expect(told).toMatchObject([
        { person: ben.id, blocked: true },
        { person: ben.id, blocked: false },
      ]);
      expect(await head(inboxOf(ben.id))).toBe(before);
    });

    test("blocks somebody else who is there", async () => {
      const ann = await guest();
      const of = (person: string) => ({ by: ann.id, person, blocked: true });
      expect(await fate("blockPerson", of(ann.id))).toBe("invalid_value");
      expect(await fate("blockPerson", of(newPersonId()))).toBe("not_found");
    });

    test("[D-4] does not undo what was said before: asked again it is answered as said", async () => {
      const [ann, ben] = (await people(2)) as [Me, Me];
      const { stream } = await open(ben, [ann]);
      const own = cid();
      const { seq } = await post(ben, "hello", { stream, cid: own });
      await block(ann, ben, true);
      const again = await post(ben, "hello", { stream, cid: own });
      expect(again).toMatchObject({ seq, repeated: true });
    });
  });
}
