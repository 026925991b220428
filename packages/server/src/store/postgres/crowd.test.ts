import { expect, setDefaultTimeout, test } from "bun:test";
import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import { newCid, newPersonId, newRoomId } from "../../identifiers.ts";
import { createTestDatabase } from "../../testing/test-postgres.ts";
import { watchStore } from "../../testing/watched-store.ts";

// Many writes at once, and a database that is not on this machine.
setDefaultTimeout(60_000);

/** The way to a database so many milliseconds away, there and back again. */
async function farAway(url: string, roundTripMs: number) {
  const later = (from: Socket, to: Socket): void => {
    from.on("data", (data: Buffer) => {
      setTimeout(() => to.write(data), roundTripMs / 2);
    });
    from.on("error", () => undefined);
    from.on("close", () => to.destroy());
  };
  const proxy = createServer((client) => {
    const server = connect(Number(new URL(url).port), "127.0.0.1");
    later(client.setNoDelay(true), server.setNoDelay(true));
    later(server, client);
  });
  proxy.listen(0, "127.0.0.1");
  await once(proxy, "listening");
  const through = new URL(url);
  through.port = String((proxy.address() as AddressInfo).port);
  return { url: through.href, proxy };
}

test("[L-1] of a crowd that joins at once, over 2 ms of network, as many get in as there is time for", async () => {
  const { url, proxy } = await farAway(await createTestDatabase(), 2);
  await using watched = await watchStore(url);
  const { store } = watched;
  const outcomes = await Promise.allSettled(
    Array.from({ length: 450 }, () => {
      const id = newPersonId();
      return store.write("addGuest", {
        ...{ id, name: "Ann", email: "a@b", lobby: store.lobby },
        ...{ origin: "page", session: { tokenHash: id, expiresAt: 1e15 } },
      });
    }),
  );
  proxy.close();
  const stored = outcomes.filter(({ status }) => status === "fulfilled");
  expect(stored.length).toBeGreaterThan(50);
  expect(watched.connections).toEqual([]);
});

test("[A-2] guests whose sessions are over leave all their rooms, over 2 ms of network, however many these are", async () => {
  const near = await createTestDatabase();
  const guests: string[] = [];
  await using watched = await watchStore(near);
  for (let n = 0; n < 40; n += 1) {
    const id = newPersonId();
    guests.push(id);
    await watched.store.write("addGuest", {
      ...{ id, name: "Ann", email: "a@b", lobby: watched.store.lobby },
      ...{ origin: "page", session: { tokenHash: id, expiresAt: 1 } },
    });
  }
  const [by = ""] = guests;
  for (let n = 0; n < 12; n += 1) {
    const stream = newRoomId();
    const cid = newCid(Date.now());
    const room = { stream, by, cid, name: stream, topic: "" };
    await watched.store.write("createRoom", room);
    for (const guest of guests.slice(1)) {
      const join = { stream, by: guest, cid: newCid(Date.now()) };
      await watched.store.write("joinRoom", join);
    }
  }
  const { url, proxy } = await farAway(near, 2);
  await using distant = await watchStore(url);
  const swept = await distant.store
    .write("sweepGuests", { simpleWire: false })
    .catch((error: unknown) => error);
  proxy.close();
  expect(swept).toEqual({ isDone: true });
  const memberships = await watched.store.reads.memberships(guests);
  expect([...memberships.values()].every((rooms) => rooms.size === 0)).toBe(
    true,
  );
});
