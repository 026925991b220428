import { describe, expect, test } from "bun:test";
import type { EventOf } from "@parley/protocol";
import { newRoomId } from "../../identifiers.ts";
import { inboxOf } from "../stream-keys.ts";
import type { StoreUnderTest } from "./store-under-test.ts";

/** Making rooms, coming and going. */
export function roomsContract(under: StoreUnderTest): void {
  const { reopen, cid, guest, post, room, join, leave, head, log, fate } =
    under;

  describe("rooms", () => {
    test("a new room has its maker in it, who reads of it in their inbox", async () => {
      const ann = await guest();
      const stream = newRoomId();
      const own = cid();
      const answer = await under.store.write("createRoom", {
        ...{ stream, by: ann.id, cid: own },
        ...{ name: "设计 Design", topic: "Words" },
      });
      expect(answer).toEqual({ cid: own, stream, seq: 1 });
      const types = (await log(stream)).map(({ event }) => event.type);
      expect(types).toEqual(["room.created", "member.joined"]);
      const told = (await log(inboxOf(ann.id))).at(-1)?.event;
      expect(told).toMatchObject({
        type: "room.joined",
        stream: "inbox",
        room: { stream, name: "设计 Design", kind: "public", topic: "Words" },
      });
      expect((told as EventOf<"room.joined">).room).toEqual(
        (await under.store.reads.room(ann.id, stream)) as never,
      );
    });

    test("[D-3] creating with one cid makes one room, and answers the same again", async () => {
      const ann = await guest();
      const own = cid();
      const name = `Once ${own}`;
      const wanted = { by: ann.id, cid: own, name, topic: "" };
      const first = await under.store.write("createRoom", {
        ...wanted,
        stream: newRoomId(),
      });
      await reopen();
      const again = await under.store.write("createRoom", {
        ...wanted,
        stream: newRoomId(),
      });
      expect(again).toEqual({ ...first, repeated: true });
    });

    test("[J12] creating with a used cid but another name or topic is cid_conflict", async () => {
      const ann = await guest();
      const own = cid();
      const wanted = {
        ...{ by: ann.id, cid: own, topic: "" },
        name: `First ${own}`,
      };
      await under.store.write("createRoom", { ...wanted, stream: newRoomId() });
      const stream = newRoomId();
      expect(
        await fate("createRoom", { ...wanted, stream, name: `Other ${own}` }),
      ).toBe("cid_conflict");
      expect(
        await fate("createRoom", { ...wanted, stream, topic: "Other" }),
      ).toBe("cid_conflict");
    });

    const namesakes: [string, string, string][] = [
      ["case", "Design", "dESIGN"],
      ["width", "ABC", "ＡＢＣ"],
      ["the Kelvin sign", "King", "\u212aing"],
      ["composition", "Caf\u00e9", "Cafe\u0301"],
      ["ß and ss", "Straße", "STRASSE"],
      ["the final sigma", "οδος", "ΟΔΟΣ"],
      ["a ligature", "oﬃce", "office"],
    ];
    for (const [what, one, other] of namesakes) {
      test(`[T22] [U18] [U19] two names that differ only by ${what} are one name`, async () => {
        const ann = await guest();
        const suffix = newRoomId();
        await room(ann, `${one} ${suffix}`);
        const input = {
          ...{ stream: newRoomId(), by: ann.id, cid: cid(), topic: "" },
          name: `${other} ${suffix}`,
        };
        expect(await fate("createRoom", input)).toBe("name_taken");
        expect(
          await fate("createRoom", { ...input, name: `x${input.name}` }),
        ).toBe("stored");
      });
    }

    test("[Q14] one name made 20 times at once is made once", async () => {
      const ann = await guest();
      const name = `Race ${newRoomId()}`;
      const fates = await Promise.all(
        Array.from({ length: 20 }, () =>
          fate("createRoom", {
            ...{ stream: newRoomId(), by: ann.id, cid: cid() },
            ...{ name, topic: "" },
          }),
        ),
      );
      expect(fates.filter((one) => one === "stored")).toHaveLength(1);
      expect(fates.filter((one) => one === "name_taken")).toHaveLength(19);
    });

    test("[D-3] joining with one cid joins once; being in already is repeated too", async () => {
      const ann = await guest();
      const ben = await guest("Ben");
      const stream = await room(ann);
      const own = cid();
      const first = await join(ben, stream, own);
      expect(first).toEqual({ cid: own, stream, seq: 3 });
      await post(ann, "hello", { stream });
      expect(await join(ben, stream, own)).toEqual({
        ...first,
        repeated: true,
      });
      const other = cid();
      expect(await join(ben, stream, other)).toEqual({
        ...{ cid: other, stream, seq: 4 },
        repeated: true,
      });
      expect(await head(stream)).toBe(4);
    });

    test("[A-4] a room that is not there cannot be joined or left", async () => {
      const { id: by } = await guest();
      const nowhere = { stream: newRoomId(), by, cid: cid() };
      expect(await fate("joinRoom", nowhere)).toBe("not_found");
      expect(await fate("leaveRoom", nowhere)).toBe("not_found");
    });

    test("[D-3] leaving with one cid leaves once; not being in is repeated too", async () => {
      const ann = await guest();
      const ben = await guest("Ben");
      const stream = await room(ann);
      await join(ben, stream);
      const own = cid();
      const first = await leave(ben, stream, own);
      expect(first).toEqual({ cid: own, stream, seq: 4 });
      expect(await leave(ben, stream, own)).toEqual({
        ...first,
        repeated: true,
      });
      const other = cid();
      expect(await leave(ben, stream, other)).toEqual({
        ...{ cid: other, stream, seq: 4 },
        repeated: true,
      });
      expect(await under.store.reads.isMember(ben.id, stream)).toBe(false);
    });

    test("nobody leaves the lobby", async () => {
      const { id: by } = await guest();
      const input = { stream: under.store.lobby, by, cid: cid() };
      expect(await fate("leaveRoom", input)).toBe("forbidden");
      expect(await under.store.reads.isMember(by, under.store.lobby)).toBe(
        true,
      );
    });

    test("one's rooms are the lobby first, then by name without regard to case, and nobody else's", async () => {
      const ann = await guest();
      const ben = await guest("Ben");
      const suffix = newRoomId();
      for (const called of ["b", "C", "a"]) {
        await room(ann, `${called} ${suffix}`);
      }
      await room(ben);
      const rooms = await under.store.reads.rooms(ann.id);
      expect(rooms.map((one) => one.name)).toEqual([
        "Lobby",
        `a ${suffix}`,
        `b ${suffix}`,
        `C ${suffix}`,
      ]);
      expect(rooms[0]?.kind).toBe("lobby");
      expect(await under.store.reads.room(ben.id, rooms[1]?.stream ?? "")).toBe(
        undefined,
      );
    });
  });
}
