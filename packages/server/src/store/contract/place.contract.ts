import { describe, expect, test } from "bun:test";
import type { StoreUnderTest } from "./store-under-test.ts";

/** What stays when it is closed and opened. */
export function placeContract(under: StoreUnderTest): void {
  const { reopen, guest, post, room, head, log } = under;

  describe("the place", () => {
    test("[I2] epoch and lobby stay the same when it is opened again, and nothing is gone", async () => {
      const { epoch, lobby } = under.store;
      const events = await log(lobby);
      await reopen();
      expect([under.store.epoch, under.store.lobby]).toEqual([epoch, lobby]);
      expect(await log(lobby)).toEqual(events);
      expect(events[0]?.event).toMatchObject({
        ...{ type: "room.created", seq: 1 },
        ...{ name: "Lobby", kind: "lobby" },
      });
      expect(epoch).toMatch(/^[0-9A-Za-z]{8}$/);
    });

    test("it says that it can store something", async () => {
      expect(await under.store.isHealthy()).toBe(true);
    });

    test("what was asked for before it is closed is stored and answered", async () => {
      const ann = await guest();
      const stream = await room(ann);
      const answers = Array.from({ length: 30 }, (_, index) =>
        post(ann, `${index}`, { stream }),
      );
      await reopen();
      const seqs = (await Promise.all(answers)).map(({ seq }) => seq);
      expect(await head(stream)).toBe(seqs.at(-1) ?? 0);
    });
  });
}
