import { describe, expect, test } from "bun:test";
import type { Me } from "@parley/protocol";
import { tables } from "../moving/tables.ts";
import { placeStream } from "../stream-keys.ts";
import type { StoreUnderTest } from "./store-under-test.ts";

/** What is deleted is nowhere any more; its number stays. */
export function deletionContract(under: StoreUnderTest): void {
  const { ask, become, cid, fate, guest, head, join, log, mark } = under;
  const { post, published, room, unread } = under;

  const remove = (by: Me, stream: string, message: number) =>
    under.store.write("deleteMessage", {
      ...{ stream, by: by.id, cid: cid(), message },
    });

  /** In which tables this text stands, anywhere. */
  async function tablesWith(text: string): Promise<string[]> {
    const found: string[] = [];
    for (const { name } of tables) {
      const rows = await ask(`select * from ${name}`);
      if (JSON.stringify(rows).includes(text)) found.push(name);
    }
    return found;
  }

  describe("[E-2] a deleted message", () => {
    test("has its text in no table, no log, no page, and was not told anybody again", async () => {
      const [ann, ben] = [await guest(), await guest("Ben")];
      const stream = await room(ann);
      await join(ben, stream);
      const text = `secret ${cid()}`;
      const own = cid();
      const { seq } = await post(ann, text, { stream, cid: own });
      expect(await tablesWith(text)).toEqual(["messages"]);
      const from = published.length;
      const { seq: deletedBy } = await remove(ann, stream, seq);
      expect(await tablesWith(text)).toEqual([]);
      const events = (await log(stream)).map(({ event }) => event);
      expect(events.find((event) => event.seq === seq)).toEqual({
        ...{ type: "message.posted", stream, seq, by: ann.id, cid: own },
        ...{ at: events[seq - 1]?.at ?? 0, text: "", deleted: true },
      });
      expect(events.at(-1)).toMatchObject({
        ...{ type: "message.deleted", seq: deletedBy, message: seq },
      });
      const { reads } = under.store;
      const { messages } = await reads.messages(stream, { limit: 9 });
      expect(messages).toMatchObject([{ seq, text: "", deleted: true }]);
      const ranges = new Map([[stream, { after: 0, upTo: 99 }]]);
      const again = (await reads.eventsOf(ranges)).get(stream);
      expect(JSON.stringify(again)).not.toContain(text);
      expect(JSON.stringify(published.slice(from))).not.toContain(text);
    });

    test("[U-1] is counted no more", async () => {
      const [ann, ben] = [await guest(), await guest("Ben")];
      const stream = await room(ann);
      await join(ben, stream);
      const seqs: number[] = [];
      for (const text of ["one", "two", "three"]) {
        seqs.push((await post(ann, text, { stream })).seq);
      }
      expect(await unread(ben, stream)).toBe(3);
      await remove(ann, stream, seqs[1] ?? 0);
      expect(await unread(ben, stream)).toBe(2);
      const upTo = await head(stream);
      const standing = { person: ben.id, stream, upTo };
      expect(await under.store.reads.standings([standing])).toEqual([
        { read: 3, unread: 2 },
      ]);
      await mark(ben, stream, seqs[0] ?? 0);
      expect(await unread(ben, stream)).toBe(1);
    });

    test("[D-3] [D-4] said again under its cid is answered as said, and does not come back; whatever the text, which nobody knows any more", async () => {
      const ann = await guest();
      const stream = await room(ann);
      const own = cid();
      const { seq } = await post(ann, "gone", { stream, cid: own });
      await remove(ann, stream, seq);
      const before = await head(stream);
      for (const text of ["gone", "other"]) {
        const again = await post(ann, text, { stream, cid: own });
        expect(again).toMatchObject({ seq, repeated: true });
      }
      expect(await head(stream)).toBe(before);
      const other = { stream: await room(ann), by: ann.id, text: "gone" };
      expect(await fate("appendMessage", { ...other, cid: own })).toBe(
        "cid_conflict",
      );
    });

    test("is deleted once, by whomever and however often at once", async () => {
      const [ann, ben] = [await guest(), await guest("Ben")];
      const stream = await room(ann);
      await join(ben, stream);
      const { seq } = await post(ben, "x", { stream });
      const answers = await Promise.all(
        [ann, ben, ann, ben].map((who) => remove(who, stream, seq)),
      );
      expect(answers.filter(({ repeated }) => !repeated)).toHaveLength(1);
      const told = (await log(stream)).filter(
        ({ event }) => event.type === "message.deleted",
      );
      expect(told).toHaveLength(1);
    });

    test("of another is in the place's log, with who said it and never what; one's own is nobody's business", async () => {
      const [ann, ben] = [await guest(), await guest("Ben")];
      const stream = await room(ann);
      await join(ben, stream);
      const { seq: first } = await post(ann, "mine", { stream });
      const before = await head(placeStream);
      await remove(ann, stream, first);
      expect(await head(placeStream)).toBe(before);
      const { seq } = await post(ben, "theirs", { stream });
      await remove(ann, stream, seq);
      const acted = (await log(placeStream)).at(-1)?.event;
      expect(acted).toMatchObject({
        ...{ act: "message.deleted", by: ann.id, person: ben.id },
        ...{ room: stream, detail: { message: seq } },
      });
    });

    test("[A-1] is no longer one's own when one is out of the room", async () => {
      const [ann, ben] = [await guest(), await guest("Ben")];
      const stream = await room(ann);
      await join(ben, stream);
      const { seq: message } = await post(ben, "x", { stream });
      await under.leave(ben, stream);
      const asked = { stream, by: ben.id, cid: cid(), message };
      expect(await fate("deleteMessage", asked)).toBe("forbidden");
      await become(ben, { role: "moderator" });
      expect(await fate("deleteMessage", asked)).toBe("stored");
    });
  });
}
