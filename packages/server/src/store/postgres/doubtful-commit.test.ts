import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { newCid, newPersonId, newRoomId } from "../../identifiers.ts";
import { startTcpProxy, type Link } from "../../testing/tcp-proxy.ts";
import {
  createDatabaseIn,
  startTestPostgres,
  type TestPostgres,
} from "../../testing/test-postgres.ts";
import { watchStore } from "../../testing/watched-store.ts";
import { inboxOf } from "../stream-keys.ts";

// A commit that was done, and whose answer was lost with the connection: what
// it made is found in the log, and everybody is told to look there.
setDefaultTimeout(30_000);

let postgres: TestPostgres;
beforeAll(async () => {
  postgres = await startTestPostgres();
});
afterAll(async () => {
  await postgres.stop();
});

/** A way to the database that loses the answer to the next commit. */
async function losingWay() {
  const doomed = new Set<Link>();
  let isArmed = false;
  const proxy = await startTcpProxy(postgres.port, {
    toServer: (data, link) => {
      if (isArmed && data.includes("commit\0")) {
        isArmed = false;
        doomed.add(link);
      }
      return data;
    },
    toClient: (data, link) => {
      if (!doomed.has(link)) return data;
      if (data.includes("COMMIT\0")) link.client.destroy();
      return undefined;
    },
  });
  return { proxy, arm: () => (isArmed = true) };
}

test("[P17] [U-5] [A-2] of a join and of a session's end the person's inbox is told to look, too", async () => {
  const url = await createDatabaseIn(postgres.url);
  const { proxy, arm } = await losingWay();
  await using watched = await watchStore(proxy.through(url));
  const { store, moved } = watched;
  const [ann, bob] = [newPersonId(), newPersonId()];
  for (const id of [ann, bob]) {
    await store.write("addGuest", {
      ...{ id, name: id, email: "ann@example.org", lobby: store.lobby },
      ...{ origin: "page" },
      session: { tokenHash: id, expiresAt: 1e15 },
    });
  }
  const stream = newRoomId();
  const ids = { stream, by: ann, cid: newCid(Date.now()) };
  await store.write("createRoom", { ...ids, name: "Tea", topic: "" });

  arm();
  const join = { stream, by: bob, cid: newCid(Date.now()) };
  await store.write("joinRoom", join);
  let heads = await store.reads.heads([stream, inboxOf(bob)]);
  expect([moved.get(stream), moved.get(inboxOf(bob))]).toEqual([
    heads.get(stream),
    heads.get(inboxOf(bob)),
  ]);

  arm();
  await store.write("endSession", { tokenHash: bob });
  heads = await store.reads.heads([stream, inboxOf(bob), store.lobby]);
  expect(moved).toEqual(heads);
  await proxy[Symbol.asyncDispose]();
});
