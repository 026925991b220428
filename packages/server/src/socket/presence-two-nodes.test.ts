import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import type { FrameObject } from "@parley/protocol";
import { until } from "../testing/bus-nodes.ts";
import { cid, enter, type Present } from "../testing/enter.ts";
import { startTwoNodes, type TwoNodes } from "../testing/two-nodes.ts";

// Who is here on two real servers with a real PostgreSQL and NATS between them;
// a second lasts a tenth of one.

const secondMs = 100;

// Two servers and a database on a busy machine; what is promised in less is measured.
setDefaultTimeout(30_000);

let nodes: TwoNodes;
beforeAll(async () => {
  nodes = await startTwoNodes({ secondMs });
});
afterAll(() => nodes[Symbol.asyncDispose]());

function signals({ socket }: Present, stream: string): FrameObject[] {
  return socket.received.filter(
    (object) => object["type"] === "presence" && object["stream"] === stream,
  );
}

function lastOf(watcher: Present, stream: string, person: string): unknown {
  return signals(watcher, stream)
    .map(({ people }) => (people as Record<string, unknown>)[person])
    .findLast((state) => state !== undefined);
}

/** Ann on one node and Bob on the other, in a room that both watch. */
async function bothIn(): Promise<{ ann: Present; bob: Present; room: string }> {
  const ann = await enter(nodes.one, "Ann");
  const bob = await enter(nodes.other, "Bob");
  const room = await ann.makeRoom(`Room ${cid()}`);
  await ann.ask({ type: "follow", stream: room, cursor: null });
  await bob.ask({ type: "room.join", cid: cid(), stream: room });
  await bob.ask({ type: "follow", stream: room, cursor: null });
  for (const one of [ann, bob]) {
    one.socket.send({ type: "presence", watch: [room] });
  }
  await until(() => lastOf(ann, room, bob.id) === "online");
  await until(() => lastOf(bob, room, ann.id) === "online");
  return { ann, bob, room };
}

test("who is on another node is told like who is on one's own: away, back, and gone", async () => {
  const { ann, bob, room } = await bothIn();
  bob.socket.send({ type: "presence", state: "away" });
  await until(() => lastOf(ann, room, bob.id) === "away");
  // A device on the other node: they are where it is.
  const phone = await enter(nodes.one, "Bob", { guest: bob.guest });
  await until(() => lastOf(ann, room, bob.id) === "online");
  await phone.leave();
  await bob.leave();
  const leftAt = performance.now();
  await until(() => lastOf(ann, room, bob.id) === "offline");
  expect(performance.now() - leftAt).toBeGreaterThan(8 * secondMs);
  await ann.leave();
});

test("[A-1] [A-3] who was taken out on another node is told nothing after it, and nobody is told of them", async () => {
  const { ann, bob, room } = await bothIn();
  await ann.ask({
    ...{ type: "room.remove", cid: cid(), stream: room, person: bob.id },
  });
  await bob.socket.next(({ type }) => type === "room.left");
  const before = [ann, bob].map((one) => signals(one, room).length);
  bob.socket.send({ type: "presence", watch: [room], state: "away" });
  ann.socket.send({ type: "presence", state: "away" });
  await until(() => lastOf(ann, room, ann.id) === "away");
  await Bun.sleep(3 * secondMs);
  await bob.ask({ type: "unfollow", stream: room });
  expect(signals(bob, room)).toHaveLength(before[1] ?? 0);
  expect(signals(ann, room).slice(before[0])).toMatchObject([
    { people: { [ann.id]: "away" } },
  ]);
  await ann.leave();
  await bob.leave();
});

test("[A-3] who does not want it told is told on no node, on whichever they said so", async () => {
  const { ann, bob, room } = await bothIn();
  const phone = await enter(nodes.one, "Bob", { guest: bob.guest });
  await bob.ask({ type: "preferences.set", showsPresence: false });
  await until(() => lastOf(ann, room, bob.id) === "offline");
  await bob.leave();
  await Bun.sleep(15 * secondMs);
  await ann.ask({ type: "unfollow", stream: "r_nothing000" });
  expect(lastOf(ann, room, bob.id)).toBe("offline");
  await phone.leave();
  await ann.leave();
});

test("the people of a node that stops are gone with it", async () => {
  const { ann, bob, room } = await bothIn();
  await nodes.other[Symbol.asyncDispose]();
  await bob.socket.closed;
  await until(() => lastOf(ann, room, bob.id) === "offline");
  await ann.leave();
});
