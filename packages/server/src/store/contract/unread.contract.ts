import { describe, expect, test } from "bun:test";
import { inboxOf } from "../stream-keys.ts";
import type { StoreUnderTest } from "./store-under-test.ts";

/** Read marks, and what is counted above them. */
export function unreadContract(under: StoreUnderTest): void {
  const { guest, post, room, join, leave, mark, head, log, unread, fate } =
    under;

  describe("unread", () => {
    test("[U-1] [U10] counts others' messages above the mark, from joining on", async () => {
      const ann = await guest();
      const ben = await guest("Ben");
      const stream = await room(ann);
      await post(ann, "before Ben came", { stream });
      await join(ben, stream);
      expect(await unread(ben, stream)).toBe(0);
      await post(ann, "1", { stream });
      await post(ben, "mine", { stream });
      await post(ann, "2", { stream });
      expect(await unread(ben, stream)).toBe(2);
      expect(await unread(ann, stream)).toBe(1);
      await leave(ben, stream);
      await post(ann, "3", { stream });
      await join(ben, stream);
      expect(await unread(ben, stream)).toBe(0);
    });

    test("[U-1] [U4] a count told with a head holds nothing above that head", async () => {
      const ann = await guest();
      const ben = await guest("Ben");
      const stream = await room(ann);
      await join(ben, stream);
      await post(ann, "1", { stream });
      const told = await head(stream);
      await post(ann, "2", { stream });
      const { reads } = under.store;
      expect(await reads.room(ben.id, stream, told)).toMatchObject({
        unread: 1,
      });
      expect(await reads.room(ben.id, stream)).toMatchObject({ unread: 2 });
    });

    test("[U3] is counted up to 100", async () => {
      const ann = await guest();
      const ben = await guest("Ben");
      const stream = await room(ann);
      await join(ben, stream);
      const say = (count: number) =>
        Promise.all(
          Array.from({ length: count }, () => post(ann, "x", { stream })),
        );
      await say(99);
      expect(await unread(ben, stream)).toBe(99);
      await say(1);
      expect(await unread(ben, stream)).toBe(100);
      await say(30);
      expect(await unread(ben, stream)).toBe(100);
      const { read } = await mark(ben, stream, (await head(stream)) - 5);
      expect(read).toBe(128);
      expect(await unread(ben, stream)).toBe(5);
    });

    test("[U-2] the highest mark wins, whichever comes last", async () => {
      const ann = await guest();
      const ben = await guest("Ben");
      const stream = await room(ann);
      await join(ben, stream);
      for (const text of ["4", "5", "6"]) await post(ann, text, { stream });
      expect(await mark(ben, stream, 5)).toEqual({ stream, read: 5 });
      expect(await mark(ben, stream, 4)).toEqual({ stream, read: 5 });
      expect(await mark(ben, stream, 0)).toEqual({ stream, read: 5 });
      const [, later] = await Promise.all([
        mark(ben, stream, 6),
        mark(ben, stream, 5),
      ]);
      expect(later.read).toBe(6);
      expect(await unread(ben, stream)).toBe(0);
    });

    test("[U-2] [J11] a mark above the head is invalid_seq and changes nothing", async () => {
      const ann = await guest();
      const stream = await room(ann);
      const input = { stream, person: ann.id, upTo: 3 };
      expect(await fate("markRead", input)).toBe("invalid_seq");
      expect((await under.store.reads.room(ann.id, stream))?.read).toBe(2);
    });

    test("[U8] [U4] a mark that moved is told to one's own inbox with the count at that head, one that did not is not", async () => {
      const ann = await guest();
      const ben = await guest("Ben");
      const stream = await room(ann);
      await join(ben, stream);
      for (const text of ["4", "5", "6"]) await post(ann, text, { stream });
      await mark(ben, stream, 4);
      await mark(ben, stream, 4);
      const marks = (await log(inboxOf(ben.id))).filter(
        ({ event }) => event.type === "read.marked",
      );
      expect(marks.map(({ event }) => event)).toMatchObject([
        { stream: "inbox", room: stream, upTo: 4, unread: 2, head: 6 },
      ]);
    });

    test("[U-3] nobody marks in a room they are not in", async () => {
      const ann = await guest();
      const ben = await guest("Ben");
      const stream = await room(ann);
      const input = { stream, person: ben.id, upTo: 1 };
      expect(await fate("markRead", input)).toBe("not_found");
    });
  });
}
