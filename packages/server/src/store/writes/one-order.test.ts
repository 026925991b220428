import { expect, setDefaultTimeout, test } from "bun:test";
import { newCid, newPersonId, newRoomId } from "../../identifiers.ts";
import { createTestDatabase } from "../../testing/test-postgres.ts";
import { watchStore } from "../../testing/watched-store.ts";

// Streams are held in one order everywhere, also by a write that finds out only
// while it runs which streams it needs, behind others in its commit.
setDefaultTimeout(60_000);

/** PostgreSQL looks for a circle of waiting transactions after a second. */
const deadlockMs = 1_000;

test("[L-1] a session's end in one commit with posts never waits in a circle with another node's posts", async () => {
  const url = await createTestDatabase();
  await using one = await watchStore(url);
  await using two = await watchStore(url);
  const guest = async () => {
    const id = newPersonId();
    await one.store.write("addGuest", {
      ...{ id, name: "Ann", email: "a@b", lobby: one.store.lobby },
      ...{ origin: "page", session: { tokenHash: id, expiresAt: 1e15 } },
    });
    return id;
  };
  const by = await guest();
  const cid = () => newCid(Date.now());
  const rooms = [newRoomId(), newRoomId()].toSorted() as [string, string];
  for (const stream of rooms) {
    const room = { stream, by, cid: cid(), name: stream, topic: "" };
    await one.store.write("createRoom", room);
  }
  const [first, last] = rooms;
  const post = ({ store }: typeof one, stream: string) =>
    store.write("appendMessage", { stream, by, cid: cid(), text: "x" });
  const waits: number[] = [];
  for (let round = 0; round < 15; round += 1) {
    const leaving = await guest();
    const join = { stream: first, by: leaving, cid: cid() };
    await one.store.write("joinRoom", join);
    const since = performance.now();
    await Promise.all([
      post(one, last),
      one.store.write("endSession", { tokenHash: leaving }),
      post(two, first),
      post(two, last),
    ]);
    waits.push(performance.now() - since);
  }
  expect(Math.max(...waits)).toBeLessThan(deadlockMs);
});
