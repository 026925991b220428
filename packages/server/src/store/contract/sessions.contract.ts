import { describe, expect, test } from "bun:test";
import { publicSessionId } from "../session-id.ts";
import { inboxOf } from "../stream-keys.ts";
import type { StoreUnderTest } from "./store-under-test.ts";

/** How the end of a session is told, wherever it was ended. */
export function sessionsContract(under: StoreUnderTest): void {
  const { cid, guest, log, published } = under;
  const end = (tokenHash: string) =>
    under.store.write("endSession", { tokenHash });

  describe("the end of a session", () => {
    test("[A-2] is told in the person's inbox, under a name that opens nothing, before they leave their rooms", async () => {
      const ann = await guest();
      expect(await end(ann.hash)).toEqual({ person: ann.id });
      const [, ...told] = await log(inboxOf(ann.id));
      expect(told.map(({ event }) => event.type)).toEqual([
        "session.ended",
        "room.left",
      ]);
      expect(told[0]?.event).toMatchObject({
        stream: "inbox",
        seq: 2,
        by: ann.id,
        session: publicSessionId(ann.hash),
      });
      expect(JSON.stringify(told)).not.toContain(ann.hash);
      expect(published.slice(-3).map(({ event }) => event.type)).toContain(
        "session.ended",
      );
    });

    test("is told once, however often it is ended, and of no session that is not there", async () => {
      const ann = await guest();
      const ends = await Promise.all([1, 2, 3].map(() => end(ann.hash)));
      expect(ends.filter(({ person }) => person !== null)).toHaveLength(1);
      const told = await log(inboxOf(ann.id));
      const types = told.map(({ event }) => event.type);
      expect(types.filter((type) => type === "session.ended")).toHaveLength(1);
      expect(await end(cid())).toEqual({ person: null });
    });

    test("[A-2] is not undone by a use that is written down after it", async () => {
      const ann = await guest();
      const tokenHash = ann.hash;
      await end(tokenHash);
      const expiresAt = Date.now() + 1e9;
      await under.store.write("touchSession", { tokenHash, expiresAt });
      expect(await under.store.reads.sessions([tokenHash])).toEqual(new Map());
    });
  });
}
