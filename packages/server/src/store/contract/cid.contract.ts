import { describe, expect, test } from "bun:test";
import { newRoomId } from "../../identifiers.ts";
import type { StoreUnderTest } from "./store-under-test.ts";

/** One command, one event, for ever. */
export function cidContract(under: StoreUnderTest): void {
  const { reopen, cid, guest, post, room, head, fate } = under;

  describe("a cid", () => {
    test("[D-3] [P5] [J12] sent twice is one message: the first answer again, marked repeated", async () => {
      const ann = await guest();
      const stream = await room(ann);
      const own = cid();
      const first = await post(ann, "once", { stream, cid: own });
      expect(first).not.toHaveProperty("repeated");
      await post(ann, "in between", { stream });
      const again = await post(ann, "once", { stream, cid: own });
      expect(again).toEqual({ ...first, repeated: true });
      expect(await head(stream)).toBe(first.seq + 1);
    });

    test("[J29] [D-3] sent from two tabs in one moment is one message, two answers with one number", async () => {
      const ann = await guest();
      const stream = await room(ann);
      const own = cid();
      const answers = await Promise.all(
        Array.from({ length: 8 }, () =>
          post(ann, "once", { stream, cid: own }),
        ),
      );
      const seqs = new Set(answers.map(({ seq }) => seq));
      expect(seqs.size).toBe(1);
      expect(answers.filter(({ repeated }) => repeated === true)).toHaveLength(
        7,
      );
      expect(await head(stream)).toBe(answers[0]?.seq ?? 0);
    });

    test("[D-3] is known for ever: also after the store was closed and opened", async () => {
      const ann = await guest();
      const stream = await room(ann);
      const own = cid();
      const first = await post(ann, "once", { stream, cid: own });
      await reopen();
      const again = await post(ann, "once", { stream, cid: own });
      expect(again).toEqual({ ...first, repeated: true });
    });

    test("[J12] with another text, in another room or of another command is cid_conflict, and nothing is stored", async () => {
      const ann = await guest();
      const stream = await room(ann);
      const other = await room(ann);
      const own = cid();
      const by = ann.id;
      const message = { stream, by, cid: own, text: "once" };
      await under.store.write("appendMessage", message);
      const before = [await head(stream), await head(other)];
      const fates = [
        await fate("appendMessage", { ...message, text: "twice" }),
        await fate("appendMessage", { ...message, stream: other }),
        await fate("joinRoom", { stream: other, by, cid: own }),
        await fate("leaveRoom", { stream, by, cid: own }),
        await fate("createRoom", {
          ...{ stream: newRoomId(), by, cid: own },
          ...{ name: newRoomId(), topic: "" },
        }),
      ];
      expect(fates).toEqual(new Array<string>(5).fill("cid_conflict"));
      expect([await head(stream), await head(other)]).toEqual(before);
    });

    test("[J12] two messages with one cid in one moment: the first is stored, the other is cid_conflict", async () => {
      const ann = await guest();
      const stream = await room(ann);
      const own = cid();
      const by = ann.id;
      const fates = await Promise.all(
        ["one", "other"].map((text) =>
          fate("appendMessage", { stream, by, cid: own, text }),
        ),
      );
      expect(fates).toEqual(["stored", "cid_conflict"]);
    });

    test("[J12] of another author is another cid", async () => {
      const ann = await guest();
      const ben = await guest("Ben");
      const own = cid();
      const first = await post(ann, "same", { cid: own });
      const second = await post(ben, "same", { cid: own });
      expect(second.seq).toBeGreaterThan(first.seq);
      expect(second).not.toHaveProperty("repeated");
    });
  });
}
