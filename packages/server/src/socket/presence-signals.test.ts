import { expect, test } from "bun:test";
import {
  room,
  settle,
  SmallWorld,
  type SmallSocket,
} from "../testing/small-world.ts";

// Who watches a room, as Bun's topics have it.

const topic = `p:${room}`;

function told({ received }: SmallSocket): number {
  return received.filter(({ type }) => type === "presence").length;
}

async function watching(): Promise<{ world: SmallWorld; socket: SmallSocket }> {
  const world = new SmallWorld();
  const socket = world.connect(0);
  await settle();
  socket.say({ type: "presence", watch: [room] });
  await settle();
  return { world, socket };
}

test("the same list again changes nothing, and an empty one ends it", async () => {
  const { socket } = await watching();
  expect([socket.topics.has(topic), told(socket)]).toEqual([true, 1]);
  socket.say({ type: "presence", watch: [room, room] });
  await settle();
  expect([socket.topics.has(topic), told(socket)]).toEqual([true, 1]);
  socket.say({ type: "presence", watch: [] });
  await settle();
  expect(socket.topics.has(topic)).toBe(false);
});

test("[I7] whoever is far behind is not told who is here, and is told all anew when they have caught up", async () => {
  const { socket } = await watching();
  socket.fallBehind();
  expect(socket.topics.has(topic)).toBe(false);
  socket.drain();
  await settle();
  expect([socket.topics.has(topic), told(socket)]).toEqual([true, 2]);
});

test("[A-1] but not of a room that they were taken out of meanwhile", async () => {
  const { world, socket } = await watching();
  socket.fallBehind();
  world.remove();
  await settle();
  socket.drain();
  await settle();
  expect([socket.topics.has(topic), told(socket)]).toEqual([false, 1]);
});

test("what they want to watch meanwhile is what they watch then", async () => {
  const { socket } = await watching();
  socket.fallBehind();
  socket.say({ type: "presence", watch: [] });
  await settle();
  socket.drain();
  await settle();
  expect([socket.topics.has(topic), told(socket)]).toEqual([false, 1]);
});

test("before hello nothing is watched", async () => {
  const world = new SmallWorld();
  const socket = world.connect(0);
  socket.say({ type: "presence", watch: [room] });
  await settle();
  expect([socket.topics.has(topic), told(socket)]).toEqual([false, 0]);
});
