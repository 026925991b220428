import { describe, expect, test } from "bun:test";
import type { Me } from "@parley/protocol";
import { newRoomId } from "../../identifiers.ts";
import type { StoreUnderTest } from "./store-under-test.ts";

/** Who may write is decided by what is stored, in the transaction that writes. */
export function rightsContract(under: StoreUnderTest): void {
  const {
    cid,
    guest,
    post,
    room,
    join,
    leave,
    mark,
    head,
    log,
    fate,
    published,
  } = under;

  describe("rights, decided inside the transaction", () => {
    test("[A-4] [J19] who is not in a room cannot post there, and a room that is not there answers the same", async () => {
      const ann = await guest();
      const ben = await guest("Ben");
      const stream = await room(ann);
      const message = { by: ben.id, cid: cid(), text: "let me in" };
      expect(await fate("appendMessage", { ...message, stream })).toBe(
        "not_found",
      );
      expect(
        await fate("appendMessage", { ...message, stream: newRoomId() }),
      ).toBe("not_found");
      expect(await head(stream)).toBe(2);
    });

    test("[T5] [J30] [A-1] who left a moment ago cannot post any more", async () => {
      const ann = await guest();
      const ben = await guest("Ben");
      const stream = await room(ann);
      await join(ben, stream);
      const own = cid();
      const by = ben.id;
      const message = { stream, by, cid: own, text: "I was here" };
      await under.store.write("appendMessage", message);
      const [, late] = await Promise.all([
        leave(ben, stream),
        fate("appendMessage", { ...message, cid: cid() }),
      ]);
      expect(late).toBe("not_found");
      const other = { ...message, text: "I was here, too" };
      expect(await fate("appendMessage", other)).toBe("not_found");
      const events = await log(stream);
      expect(events.at(-1)?.event.type).toBe("member.left");
    });

    test("[D-4] who left before they heard that their message was stored is told so when they ask again, and does not say it twice", async () => {
      const ann = await guest();
      const ben = await guest("Ben");
      const stream = await room(ann);
      await join(ben, stream);
      const message = { stream, by: ben.id, cid: cid(), text: "I was here" };
      const { seq } = await under.store.write("appendMessage", message);
      await leave(ben, stream);
      const again = await under.store.write("appendMessage", message);
      expect(again).toMatchObject({ seq, repeated: true });
      expect(await head(stream)).toBe(seq + 1);
    });

    test("[D-9] a refused write disturbs none of its neighbours in one commit", async () => {
      const ann = await guest();
      const ben = await guest("Ben");
      const stream = await room(ann);
      const taken = await room(ann, `Taken ${stream}`);
      const outcomes = await Promise.allSettled([
        post(ann, "1", { stream }),
        post(ben, "an outsider", { stream }),
        under.store.write("createRoom", {
          ...{ stream: newRoomId(), by: ann.id, cid: cid(), topic: "" },
          name: `Taken ${stream}`,
        }),
        post(ann, "2", { stream }),
        mark(ann, stream, 9_999),
        leave(ann, under.store.lobby),
        join(ben, newRoomId()),
        post(ann, "3", { stream }),
      ]);
      expect(outcomes.map(({ status }) => status)).toEqual([
        "fulfilled",
        ...new Array<"rejected">(2).fill("rejected"),
        "fulfilled",
        ...new Array<"rejected">(3).fill("rejected"),
        "fulfilled",
      ]);
      const page = await under.store.reads.messages(stream, { limit: 10 });
      expect(page.messages.map(({ seq, text }) => [seq, text])).toEqual([
        [3, "1"],
        [4, "2"],
        [5, "3"],
      ]);
      expect(await head(taken)).toBe(2);
      const events = published.filter((one) => one.stream === stream);
      expect(events.map(({ event }) => event.seq)).toEqual([1, 2, 3, 4, 5]);
    });

    test("[T39] a moderator of a room is not put down by who stands below them, as nobody is taken out so; but puts themselves down", async () => {
      const [ann, ben] = [await guest(), await guest("Ben")];
      const stream = await room(ann);
      await join(ben, stream);
      const of = (by: Me, { id: person }: Me, moderator: boolean) =>
        fate("changeMember", {
          ...{ stream, by: by.id, cid: cid(), person, moderator },
        });
      expect(await of(ann, ben, true)).toBe("stored");
      await under.become(ben, { role: "administrator" });
      expect(await of(ann, ben, false)).toBe("forbidden");
      expect(await of(ben, ann, false)).toBe("stored");
      expect(await of(ben, ben, false)).toBe("stored");
    });
  });
}
