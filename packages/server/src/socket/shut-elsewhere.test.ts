import {
  afterAll,
  beforeAll,
  describe,
  expect,
  setDefaultTimeout,
  test,
} from "bun:test";
import { cid, enter, type Present } from "../testing/enter.ts";
import { startTwoNodes, type TwoNodes } from "../testing/two-nodes.ts";

// What somebody does to a room on one node takes effect for who is connected to
// the other.

setDefaultTimeout(30_000);

const cases = [
  { name: "with NATS between them", hasNats: true, withinMs: 1_000 },
  { name: "without NATS", hasNats: false, withinMs: 2_500 },
];

describe.each(cases)("two nodes $name", ({ hasNats, withinMs }) => {
  let nodes: TwoNodes;
  let ann: Present;
  let bob: Present;
  let room: string;

  beforeAll(async () => {
    nodes = await startTwoNodes({ hasNats });
    ann = await enter(nodes.one, "Ann");
    bob = await enter(nodes.other, "Bob");
    const made = await ann.ask({
      ...{ type: "room.create", cid: cid() },
      ...{ name: "Secret", kind: "private" },
    });
    room = String(made["stream"]);
    await ann.ask({ type: "follow", stream: room, cursor: 2 });
  });
  afterAll(async () => {
    await Promise.all([ann.leave(), bob.leave()]);
    await nodes[Symbol.asyncDispose]();
  });

  const invite = async (): Promise<void> => {
    const answer = await ann.ask({
      ...{ type: "room.invite", stream: room, cid: cid() },
      people: [bob.id],
    });
    expect(answer).toMatchObject({ type: "ok" });
  };

  test(`who is let in on one hears of it on the other within ${withinMs} ms, and follows at once`, async () => {
    await invite();
    const since = performance.now();
    await bob.socket.next(({ type }) => type === "room.joined");
    expect(performance.now() - since).toBeLessThan(withinMs);
    const answer = await bob.ask({
      type: "follow",
      stream: room,
      cursor: null,
    });
    expect(answer).toMatchObject({ type: "reset", stream: room });
  });

  test(`[E-2] what is deleted on one is in no answer of the other ${withinMs} ms later`, async () => {
    const { seq: message } = await ann.say("secret", room);
    await bob.hears("secret");
    await ann.ask({
      ...{ type: "message.delete", stream: room, cid: cid(), message },
    });
    const since = performance.now();
    await bob.socket.next(({ type }) => type === "message.deleted");
    expect(performance.now() - since).toBeLessThan(withinMs);
    const cursors = { [room]: Number(message) - 1 };
    const { guest } = bob;
    const device = await enter(nodes.other, "", { guest, cursors });
    const received = JSON.stringify(device.socket.received);
    expect(received).toContain('"deleted":true');
    expect(received).not.toContain("secret");
    await device.leave();
  });

  test(`[A-1] [A-2] who is taken out on one hears nothing later on the other, from ${withinMs} ms on`, async () => {
    await ann.ask({
      ...{ type: "room.remove", stream: room, cid: cid(), person: bob.id },
    });
    const since = performance.now();
    // The room's own word may come before this one, or not any more: the two
    // streams are read apart, and whichever is first shuts the room.
    const left = await bob.socket.next(({ type }) => type === "room.left");
    expect(performance.now() - since).toBeLessThan(withinMs);
    expect(left).toMatchObject({ by: ann.id, room });
    const { length } = bob.socket.received;
    await ann.say("after", room);
    // Who has just said something is not typing it any more.
    await ann.hears("after");
    ann.socket.send({ type: "typing", stream: room });
    await ann.socket.next(({ type }) => type === "typing");
    // What was published here before this is heard before it.
    await ann.say("mark");
    await bob.hears("mark");
    const late = bob.socket.received
      .slice(length)
      .filter((object) => object["stream"] === room);
    expect(late).toEqual([]);
    const answer = await bob.ask({ type: "follow", stream: room, cursor: 0 });
    expect(answer).toMatchObject({ type: "gone" });
  });
});
