import { afterAll, beforeAll, expect, test } from "bun:test";
import { Client } from "pg";
import { newCid, newPersonId, newRoomId } from "../../identifiers.ts";
import { createTestDatabase } from "../../testing/test-postgres.ts";
import { openPostgresStore } from "../postgres/postgres-store.ts";
import type { Store } from "../store.ts";
import { inboxOf } from "../stream-keys.ts";

// What two nodes write to one database at the same moment.

let url: string;
let nodes: readonly [Store, Store];
let lobby: string;

beforeAll(async () => {
  url = await createTestDatabase();
  const open = (): Promise<Store> =>
    openPostgresStore({
      ...{ url, connections: 6, lobbyName: "Lobby" },
      onWarning: () => undefined,
      onConnection: () => undefined,
      onCommit: () => undefined,
      onMoved: () => undefined,
      onDeliveryFailed: (error) => {
        throw error;
      },
    });
  nodes = [await open(), await open()];
  lobby = nodes[0].lobby;
  // The first to ask for a database waits until PostgreSQL has started.
}, 60_000);
afterAll(() => Promise.all(nodes.map((node) => node[Symbol.asyncDispose]())));

const cid = (): string => newCid(Date.now());

/** The same asked of both nodes, so many times, all at once. */
function everywhere<Answer>(
  times: number,
  ask: (node: Store) => Promise<Answer>,
): Promise<Answer[]> {
  return Promise.all(
    Array.from({ length: times }, () => nodes.map((node) => ask(node))).flat(),
  );
}

function addTo(
  [node]: typeof nodes,
  { id = newPersonId(), forMs }: { id?: string; forMs?: number } = {},
) {
  const hash = forMs === undefined ? cid() : `lease:${cid()}`;
  const input = {
    ...{ id, name: "Ann", email: "ann@example.org", lobby },
    ...(forMs === undefined
      ? {
          origin: "page" as const,
          session: { tokenHash: hash, expiresAt: Date.now() + 86_400_000 },
        }
      : {
          origin: "simple-wire" as const,
          lease: { tokenHash: hash, forMs },
        }),
  };
  const ready = node.write("addGuest", input);
  return ready.then(() => ({ id, hash, input }));
}

async function makeRoom({ id: by }: { id: string }): Promise<string> {
  const stream = newRoomId();
  const name = `Room ${stream}`;
  const input = { stream, by, cid: cid(), name, topic: "" };
  await nodes[0].write("createRoom", input);
  return stream;
}

async function log(stream: string) {
  const range = { after: 0, upTo: 1e9, max: 1e6 };
  const events = await nodes[1].reads.eventsAfter(stream, range);
  const seqs = events.map(({ event }) => event.seq);
  // Whatever happened: without holes (D-5).
  expect(seqs).toEqual(seqs.map((_, index) => index + 1));
  return events.map(({ event }) => event);
}

async function partings(stream: string): Promise<string[]> {
  const events = await log(stream);
  return events.flatMap((event) =>
    event.type === "member.left" ? [event.person] : [],
  );
}

async function sweep(node: Store): Promise<void> {
  for (;;) {
    const { isDone } = await node.write("sweepGuests", { simpleWire: false });
    if (isDone) return;
  }
}

test("both sweep, and their guests' own nodes end the leases: everybody leaves once", async () => {
  const crowd = await Promise.all(
    Array.from({ length: 80 }, () => addTo(nodes, { forMs: -1 })),
  );
  const tokenHashes = crowd.slice(0, 30).map(({ hash }) => hash);
  await Promise.all([
    everywhere(4, sweep),
    everywhere(2, (node) => node.write("endLeases", { tokenHashes })),
  ]);
  const left = await partings(lobby);
  for (const { id } of crowd) {
    expect(left.filter((one) => one === id)).toEqual([id]);
  }
});

/** Time passes for this session. */
async function letEnd(hash: string): Promise<void> {
  const client = new Client(url);
  await client.connect();
  await client.query(
    "update sessions set expires_at = 1 where token_hash = $1",
    [hash],
  );
  await client.end();
}

test("guests whose session is over leave each of their rooms once, and their inbox says so once", async () => {
  const [ann, ben] = [await addTo(nodes), await addTo(nodes)];
  const rooms = await Promise.all([1, 2, 3].map(() => makeRoom(ann)));
  for (const stream of rooms) {
    await nodes[0].write("joinRoom", { stream, by: ben.id, cid: cid() });
  }
  await letEnd(ben.hash);
  await everywhere(4, sweep);
  for (const stream of [lobby, ...rooms]) {
    const left = await partings(stream);
    expect(left.filter((one) => one === ben.id)).toEqual([ben.id]);
  }
  const told = (await log(inboxOf(ben.id))).filter(
    ({ type }) => type === "room.left",
  );
  expect(told).toHaveLength(4);
});

test("a lease that its node renews while others sweep is over or renewed, never half", async () => {
  for (let round = 0; round < 10; round += 1) {
    const crowd = await Promise.all(
      Array.from({ length: 5 }, () => addTo(nodes, { forMs: -1 })),
    );
    const tokenHashes = crowd.map(({ hash }) => hash);
    await Promise.all([
      sweep(nodes[0]),
      nodes[1].write("renewLeases", { tokenHashes, forMs: 180_000 }),
    ]);
    const leases = await nodes[1].reads.sessions(tokenHashes);
    for (const { id, hash } of crowd) {
      const isHere = await nodes[1].reads.isMember(id, lobby);
      expect(isHere).toBe(leases.has(hash));
    }
  }
});

test("a lease renewed in the very moment in which it is swept lives on", async () => {
  const { id, hash } = await addTo(nodes, { forMs: -1 });
  const renewing = new Client(url);
  await renewing.connect();
  await renewing.query("begin");
  await renewing.query(
    "update sessions set expires_at = $1 where token_hash = $2",
    [nodes[0].now() + 180_000, hash],
  );
  await sweep(nodes[0]);
  await renewing.query("commit");
  await renewing.end();
  await sweep(nodes[0]);
  expect(await nodes[0].reads.isMember(id, lobby)).toBe(true);
  const leases = await nodes[0].reads.sessions([hash]);
  expect(leases.has(hash)).toBe(true);
});

test("who joins on one node while the other sweeps them is in no room afterwards", async () => {
  const ann = await addTo(nodes);
  const stream = await makeRoom(ann);
  for (let round = 0; round < 20; round += 1) {
    const ben = await addTo(nodes);
    await letEnd(ben.hash);
    const joining = { stream, by: ben.id, cid: cid() };
    await Promise.allSettled([
      sweep(nodes[0]),
      nodes[1].write("joinRoom", joining),
    ]);
    expect(await nodes[0].reads.rooms(ben.id)).toEqual([]);
  }
});

test("[D-9] one guest added by both is one guest", async () => {
  const { input } = await addTo(nodes);
  const id = newPersonId();
  const session = { tokenHash: cid(), expiresAt: Date.now() + 86_400_000 };
  const again = { ...input, id, session };
  const added = await everywhere(3, (node) => node.write("addGuest", again));
  expect(added).toHaveLength(6);
  for (const person of added) {
    const { email } = input;
    expect(person).toEqual({ id, name: "Ann", kind: "guest", email });
  }
  const joined = (await log(lobby)).filter(
    (event) => event.type === "member.joined" && event.person.id === id,
  );
  expect(joined).toHaveLength(1);
  expect(await log(inboxOf(id))).toHaveLength(1);
});

test("[Q14] one name made on both at once is made once; the others hear that it is taken", async () => {
  for (let round = 0; round < 5; round += 1) {
    const makers = [await addTo(nodes), await addTo(nodes)];
    const name = `Race ${newRoomId()}`;
    const fates = await Promise.allSettled(
      makers.flatMap(({ id: by }, index) =>
        Array.from({ length: 3 }, () => {
          const stream = newRoomId();
          const input = { stream, by, cid: cid(), name, topic: "" };
          return nodes[index as 0 | 1].write("createRoom", input);
        }),
      ),
    );
    const refused = fates.filter(({ status }) => status === "rejected");
    expect(refused).toHaveLength(5);
    for (const { reason } of refused as PromiseRejectedResult[]) {
      expect(reason).toMatchObject({ code: "name_taken" });
    }
  }
});

test("[D-3] one room asked for on both with one cid is one room, and the answer is the same", async () => {
  const { id: by } = await addTo(nodes);
  const wanted = { by, cid: cid(), name: `Once ${newRoomId()}`, topic: "" };
  const made = await everywhere(3, (node) =>
    node.write("createRoom", { ...wanted, stream: newRoomId() }),
  );
  expect(new Set(made.map(({ stream }) => stream)).size).toBe(1);
  expect(made.filter(({ repeated }) => !repeated)).toHaveLength(1);
});

test("[D-3] one person joins and leaves on both by many commands: once each", async () => {
  const [ann, ben] = [await addTo(nodes), await addTo(nodes)];
  const stream = await makeRoom(ann);
  for (const [name, heads] of [
    ["joinRoom", 3],
    ["leaveRoom", 4],
  ] as const) {
    const answers = await everywhere(5, (node) =>
      node.write(name, { stream, by: ben.id, cid: cid() }),
    );
    expect(answers.filter(({ repeated }) => !repeated)).toHaveLength(1);
    expect(await log(stream)).toHaveLength(heads);
  }
});

test("[U-2] marks moved on both at once only go up, and are told in that order", async () => {
  const [ann, ben] = [await addTo(nodes), await addTo(nodes)];
  const stream = await makeRoom(ann);
  await nodes[0].write("joinRoom", { stream, by: ben.id, cid: cid() });
  const posts = Array.from({ length: 40 }, (_, index) => ({
    ...{ stream, by: ann.id, cid: cid(), text: `${index}` },
  }));
  await Promise.all(posts.map((post) => nodes[0].write("appendMessage", post)));
  const marks = posts.map((_, index) => 4 + ((index * 17) % 40));
  await Promise.all(
    marks.map((upTo, index) =>
      nodes[(index % 2) as 0 | 1].write("markRead", {
        ...{ stream, person: ben.id, upTo },
      }),
    ),
  );
  const told = (await log(inboxOf(ben.id))).flatMap((event) =>
    event.type === "read.marked" ? [event.upTo] : [],
  );
  expect(told).toEqual(told.toSorted((a, b) => a - b));
  const room = await nodes[1].reads.room(ben.id, stream);
  expect(room).toMatchObject({ read: 43, unread: 0 });
});

test("[U-6] a count told with a mark is true at the head told with it, while the other node posts", async () => {
  const [ann, ben] = [await addTo(nodes), await addTo(nodes)];
  const stream = await makeRoom(ann);
  await nodes[0].write("joinRoom", { stream, by: ben.id, cid: cid() });
  let upTo = 3;
  for (let round = 0; round < 10; round += 1) {
    upTo += 1;
    const posts = Array.from({ length: 8 }, (_, index) => ({
      ...{ stream, by: ann.id, cid: cid(), text: `${index}` },
    }));
    await nodes[1].write("appendMessage", posts.pop() as (typeof posts)[0]);
    await Promise.all([
      nodes[0].write("markRead", { stream, person: ben.id, upTo }),
      ...posts.map((post) => nodes[1].write("appendMessage", post)),
    ]);
  }
  for (const event of await log(inboxOf(ben.id))) {
    if (event.type !== "read.marked") continue;
    // Whatever stands above the mark up to the head is one of Ann's messages.
    expect(event.unread).toBe(event.head - event.upTo);
  }
});
