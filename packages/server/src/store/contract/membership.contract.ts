import { describe, expect, test } from "bun:test";
import type { EventOf, Me } from "@parley/protocol";
import { newPersonId, newRoomId } from "../../identifiers.ts";
import { inboxOf, placeStream } from "../stream-keys.ts";
import type { WriteInput } from "../writes/writes.ts";
import type { StoreUnderTest } from "./store-under-test.ts";

/** Letting people in, taking them out, and who looks after a room. */
export function membershipContract(under: StoreUnderTest): void {
  const { become, cid, fate, guest, head, join, leave, log, post, room } =
    under;

  const from = (by: Me, stream: string) => ({ stream, by: by.id, cid: cid() });
  const invite = (by: Me, stream: string, people: readonly Me[]) =>
    under.store.write("inviteToRoom", {
      ...from(by, stream),
      people: people.map(({ id }) => id),
    });
  const remove = (by: Me, stream: string, { id: person }: Me) =>
    under.store.write("removeFromRoom", { ...from(by, stream), person });
  const last = async (stream: string) => (await log(stream)).at(-1)?.event;
  const change = (
    by: Me,
    stream: string,
    changes: WriteInput<"changeRoom">["changes"],
  ) => under.store.write("changeRoom", { ...from(by, stream), changes });
  const privateRoom = async (by: Me, name = "Secret"): Promise<string> => {
    const stream = newRoomId();
    await under.store.write("createRoom", {
      ...{ ...from(by, stream), name, topic: "", kind: "private" },
    });
    return stream;
  };

  describe("who is let in", () => {
    test("is in the room, reads of it in their inbox by whom, and starts with everything read", async () => {
      const [ann, ben] = [await guest(), await guest("Ben")];
      const stream = await privateRoom(ann);
      await post(ann, "before", { stream });
      const { seq } = await invite(ann, stream, [ben]);
      expect(await last(stream)).toMatchObject({
        ...{ type: "member.joined", seq, by: ann.id },
        person: { id: ben.id, name: "Ben" },
      });
      const told = await last(inboxOf(ben.id));
      expect(told).toMatchObject({ type: "room.joined", by: ann.id });
      expect(await under.store.reads.room(ben.id, stream)).toEqual(
        (told as EventOf<"room.joined">).room as never,
      );
    });

    test("together with who is in already is passed over; when all are, it is repeated", async () => {
      const [ann, ben, cleo] = [await guest(), await guest(), await guest()];
      const stream = await room(ann);
      await join(ben, stream);
      const { seq } = await invite(ann, stream, [ben, cleo, cleo, ann]);
      expect(await head(stream)).toBe(seq);
      const again = await invite(ann, stream, [ben, cleo]);
      expect(again).toMatchObject({ seq, repeated: true });
    });

    test("is somebody who is here: otherwise nobody of them is let in", async () => {
      const [ann, ben] = [await guest(), await guest()];
      const stream = await room(ann);
      const gone = await guest();
      await under.store.write("endSession", { tokenHash: gone.hash });
      const before = await head(stream);
      for (const id of [newPersonId(), gone.id]) {
        const input = { ...from(ann, stream), people: [ben.id, id] };
        expect(await fate("inviteToRoom", input)).toBe("not_found");
      }
      expect(await head(stream)).toBe(before);
      expect(await under.store.reads.isMember(ben.id, stream)).toBe(false);
    });
  });

  describe("who is taken out", () => {
    test("[A-1] is out with the commit: they post nothing, and their inbox says by whom", async () => {
      const [ann, ben] = [await guest(), await guest("Ben")];
      const stream = await room(ann);
      await join(ben, stream);
      const message = { ...from(ben, stream), text: "still here" };
      const [{ seq }, late] = await Promise.all([
        remove(ann, stream, ben),
        fate("appendMessage", message),
      ]);
      expect(late).toBe("not_found");
      expect(await last(stream)).toMatchObject({
        ...{ type: "member.left", seq, by: ann.id, person: ben.id },
      });
      expect(await last(inboxOf(ben.id))).toMatchObject({
        ...{ type: "room.left", by: ann.id, room: stream },
      });
      expect(await last(placeStream)).toMatchObject({
        ...{ type: "place.acted", act: "room.removed", by: ann.id },
        ...{ person: ben.id, room: stream },
      });
      const again = await remove(ann, stream, ben);
      expect(again).toMatchObject({ seq, repeated: true });
    });

    test("comes back without what they were: no moderator, no favourite, no mark of before", async () => {
      const [ann, ben] = [await guest(), await guest("Ben")];
      const stream = await room(ann);
      await join(ben, stream);
      await under.store.write("changeMember", {
        ...{ ...from(ann, stream), person: ben.id, moderator: true },
      });
      await under.store.write("arrangeRoom", {
        ...{ stream, by: ben.id, favourite: true, muted: true },
      });
      await leave(ben, stream);
      await join(ben, stream);
      const now = await under.store.reads.room(ben.id, stream);
      expect(now).not.toHaveProperty("moderator");
      expect(now).not.toHaveProperty("favourite");
      expect(now).not.toHaveProperty("muted");
    });

    test("does not stand above who takes them out", async () => {
      const [ann, ben] = [await guest(), await guest("Ben")];
      const stream = await room(ann);
      await join(ben, stream);
      await become(ben, { role: "administrator" });
      const input = { ...from(ann, stream), person: ben.id };
      expect(await fate("removeFromRoom", input)).toBe("forbidden");
      await become(ann, { role: "owner" });
      expect(await fate("removeFromRoom", { ...input, cid: cid() })).toBe(
        "stored",
      );
    });
  });

  describe("a room's moderator", () => {
    test("is told of in the room, and stands among its members as one", async () => {
      const [ann, ben] = [await guest(), await guest("Ben")];
      const stream = await room(ann);
      await join(ben, stream);
      const change = { ...from(ann, stream), person: ben.id };
      await under.store.write("changeMember", { ...change, moderator: true });
      expect(await last(stream)).toMatchObject({
        ...{ type: "member.changed", moderator: true },
        person: { id: ben.id, name: "Ben" },
      });
      const page = { after: "", limit: 10 };
      const { members } = await under.store.reads.members(stream, page);
      expect(members.find(({ id }) => id === ben.id)?.moderator).toBe(true);
      const again = { ...change, cid: cid(), moderator: true };
      expect(await under.store.write("changeMember", again)).toMatchObject({
        repeated: true,
      });
    });

    test("is nobody who is bound to rooms, nor who is not in it", async () => {
      const [ann, ben, cleo] = [await guest(), await guest(), await guest()];
      const stream = await room(ann);
      await join(ben, stream);
      await become(ben, { role: "guest", bound: true });
      const wanted = { ...from(ann, stream), moderator: true };
      expect(await fate("changeMember", { ...wanted, person: ben.id })).toBe(
        "forbidden",
      );
      expect(await fate("changeMember", { ...wanted, person: cleo.id })).toBe(
        "not_found",
      );
    });
  });

  describe("a private room", () => {
    test("[T7] [A-4] may be called like any other, so that a name tells nobody that it is there", async () => {
      const [ann, ben] = [await guest(), await guest("Ben")];
      const name = `Plans ${cid()}`;
      const secret = await privateRoom(ann, name);
      await privateRoom(ben, name);
      await room(ben, name);
      await change(ann, secret, { topic: "still called so" });
      const found = await under.store.reads.directory(ben.id, name);
      expect(found.map(({ stream }) => stream)).not.toContain(secret);
      // Now its own people are told, who know that it is there.
      const widen = { ...from(ann, secret), changes: { kind: "public" } };
      expect(await fate("changeRoom", widen as never)).toBe("name_taken");
      await change(ann, secret, { kind: "public", name: `${name} too` });
      const again = await under.store.reads.directory(ben.id, name);
      expect(again.map(({ stream }) => stream)).toContain(secret);
    });

    test("[A-4] [T7] is to who is not in it like one that does not exist, whatever they ask of it", async () => {
      const [ann, ben] = [await guest(), await guest("Ben")];
      const secret = await privateRoom(ann);
      const { seq: message } = await post(ann, "hush", { stream: secret });
      for (const role of ["guest", "moderator", "owner"] as const) {
        await become(ben, { role });
        for (const stream of [secret, newRoomId()]) {
          const of = (): ReturnType<typeof from> => from(ben, stream);
          const person = ann.id;
          const fates = [
            await fate("joinRoom", of()),
            await fate("leaveRoom", of()),
            await fate("appendMessage", { ...of(), text: "x" }),
            await fate("deleteMessage", { ...of(), message }),
            await fate("inviteToRoom", { ...of(), people: [ben.id] }),
            await fate("removeFromRoom", { ...of(), person }),
            await fate("changeMember", { ...of(), person, moderator: false }),
            await fate("changeRoom", { ...of(), changes: { name: "Mine" } }),
            await fate("changeRoom", { ...of(), changes: { kind: "public" } }),
            await fate("changeRoom", { ...of(), changes: {} }),
            await fate("arrangeRoom", { stream, by: ben.id, muted: true }),
            await fate("markRead", { stream, person: ben.id, upTo: 1 }),
          ];
          expect(fates).toEqual(new Array<string>(12).fill("not_found"));
        }
      }
    });

    test("[A-1] made of a public one it is out of the directory, and shut to who is not in it", async () => {
      const [ann, ben] = [await guest(), await guest("Ben")];
      const name = `Open ${cid()}`;
      const stream = await room(ann, name);
      const listed = async () =>
        (await under.store.reads.directory(ben.id, name)).length;
      expect(await listed()).toBe(1);
      await change(ann, stream, { kind: "private" });
      expect(await listed()).toBe(0);
      expect(await fate("joinRoom", from(ben, stream))).toBe("not_found");
      // The name is free for who does not know of it.
      expect(await room(ben, name)).toStartWith("r_");
    });
  });

  describe("a room's name", () => {
    test("[Q14] two rooms renamed to one name at once: one is, of the other it is taken", async () => {
      const ann = await guest();
      const rooms = await Promise.all([1, 2, 3, 4].map(() => room(ann)));
      const name = `Race ${cid()}`;
      const fates = await Promise.all([
        ...rooms.map((stream) =>
          fate("changeRoom", { ...from(ann, stream), changes: { name } }),
        ),
        fate("createRoom", { ...from(ann, newRoomId()), name, topic: "" }),
      ]);
      expect(fates.toSorted()).toEqual([
        ...new Array<string>(4).fill("name_taken"),
        "stored",
      ]);
    });

    test("[T22] may change its own case, and is free again when the room is called otherwise", async () => {
      const ann = await guest();
      const name = `Mine ${cid()}`;
      const stream = await room(ann, name);
      await change(ann, stream, { name: name.toUpperCase() });
      expect(await last(stream)).toMatchObject({
        ...{ type: "room.changed", name: name.toUpperCase() },
      });
      const other = await room(ann);
      const rename = { ...from(ann, other), changes: { name } };
      expect(await fate("changeRoom", rename)).toBe("name_taken");
      await change(ann, stream, { name: `Other ${cid()}` });
      expect(await fate("changeRoom", { ...rename, cid: cid() })).toBe(
        "stored",
      );
    });
  });

  describe("an archived room", () => {
    test("is read, left and cleared, and nothing else, until it is restored", async () => {
      const [ann, ben, cleo] = [await guest(), await guest(), await guest()];
      const stream = await room(ann);
      await join(ben, stream);
      const { seq: message } = await post(ann, "old", { stream });
      const [, late] = await Promise.all([
        change(ann, stream, { archived: true }),
        fate("appendMessage", { ...from(ben, stream), text: "late" }),
      ]);
      expect(late).toBe("archived");
      const refused = [
        await fate("joinRoom", from(cleo, stream)),
        await fate("inviteToRoom", { ...from(ann, stream), people: [cleo.id] }),
        await fate("changeRoom", {
          ...from(ann, stream),
          changes: { topic: "new" },
        }),
      ];
      expect(refused).toEqual(new Array<string>(3).fill("archived"));
      expect(await under.store.reads.room(ben.id, stream)).toMatchObject({
        archived: true,
      });
      const found = await under.store.reads.directory(ann.id, "");
      expect(found.map((one) => one.stream)).not.toContain(stream);
      await under.store.write("deleteMessage", {
        ...from(ann, stream),
        message,
      });
      await leave(ben, stream);
      await change(ann, stream, { archived: false, topic: "new" });
      expect(await fate("joinRoom", from(ben, stream))).toBe("stored");
      await post(ben, "again", { stream });
    });
  });

  describe("a room for announcements", () => {
    test("is written in by its moderators, and by those of the place who are in it", async () => {
      const [ann, ben, cleo] = [await guest(), await guest(), await guest()];
      const stream = await room(ann);
      for (const who of [ben, cleo]) await join(who, stream);
      await become(cleo, { role: "moderator" });
      await change(ann, stream, { readOnly: true });
      const say = (who: Me): Promise<string> =>
        fate("appendMessage", { ...from(who, stream), text: "hear ye" });
      expect([await say(ann), await say(ben), await say(cleo)]).toEqual([
        ...["stored", "read_only", "stored"],
      ]);
      await change(ann, stream, { readOnly: false });
      expect(await say(ben)).toBe("stored");
    });
  });
}
