import { afterEach, beforeEach, expect, jest, test } from "bun:test";
import { limits } from "@parley/protocol";
import {
  PresenceNodes,
  type Device,
  type PresenceNode,
} from "../testing/presence-nodes.ts";

const room = "r_room000000";
const ann = "u_ann0000000";
const bob = "u_bob0000000";
const eve = "u_eve0000000";

let world: PresenceNodes;
let node: PresenceNode;
let device: Device;

beforeEach(async () => {
  jest.useFakeTimers();
  world = new PresenceNodes();
  world.rooms.set(room, new Set([ann, bob]));
  node = world.node();
  device = await node.arrive(bob);
});
afterEach(() => {
  world[Symbol.dispose]();
  jest.useRealTimers();
});

function told() {
  return node.watched.get(room);
}

/** So many of the room's people are here besides Bob. */
async function fill(count: number): Promise<string[]> {
  const crowd = world.crowd(count);
  for (const person of crowd) world.rooms.get(room)?.add(person);
  await Promise.all(crowd.map((person) => node.arrive(person)));
  await world.pass(1);
  return crowd;
}

test("who begins to watch is told all who are here, and then what changes, once a second", async () => {
  await world.pass(1);
  node.watch(device, room);
  await world.pass(1);
  expect(told()).toEqual({
    ...{ people: { [bob]: "online" }, present: undefined, frames: 1 },
  });
  const crowd = world.crowd(50);
  for (const person of crowd) node.moved(room, person, true);
  for (const person of crowd) await node.arrive(person);
  await world.pass(1);
  expect(told()?.frames).toBe(2);
  expect(Object.keys(told()?.people ?? {})).toHaveLength(51);
});

test("the room's people are asked for once, and of all rooms of a turn together", async () => {
  const rooms = Array.from({ length: 40 }, (_, n) => `r_small${n + 10}000`);
  for (const one of rooms) world.rooms.set(one, new Set([ann, bob]));
  for (const one of rooms) node.watch(device, one);
  await world.pass(1);
  for (const one of rooms) node.watch(device, one);
  await world.pass(1);
  expect(world.asked).toBe(1);
  expect(node.watched.size).toBe(40);
});

test("[A-3] who comes into the room is told, who has left it no longer, whatever they do", async () => {
  node.watch(device, room);
  const visitor = await node.arrive(eve);
  await world.pass(2);
  expect(told()?.people[eve]).toBeUndefined();
  node.moved(room, eve, true);
  await world.pass(1);
  expect(told()?.people[eve]).toBe("online");
  node.away(visitor, true);
  node.moved(room, eve, false);
  const frames = told()?.frames;
  await world.pass(20);
  expect(told()?.frames).toBe(frames);
  expect(await node.presence.of(room)).toEqual({
    ...{ present: 1, people: { [bob]: "online" } },
  });
});

test("[A-3] who comes and goes while the store is asked who is in the room is as they are", async () => {
  await node.arrive(eve);
  await node.arrive(ann);
  await world.pass(1);
  node.watch(device, room);
  node.moved(room, eve, true);
  node.moved(room, ann, false);
  await world.pass(1);
  expect(told()?.people).toEqual({ [bob]: "online", [eve]: "online" });
});

test("[A-3] a room that nobody watched for a while is asked for anew", async () => {
  node.watch(device, room);
  await world.pass(1);
  await node.arrive(eve);
  device.topics.clear();
  // Nobody follows it, and nobody hears that Eve came.
  world.rooms.get(room)?.add(eve);
  node.watch(device, room);
  await world.pass(2);
  expect(told()?.people).toEqual({ [bob]: "online", [eve]: "online" });
});

test(`in a room of more than ${limits.presenceMembers} people only how many are here is told, at most every five seconds`, async () => {
  await fill(limits.presenceMembers - 2);
  node.watch(device, room);
  await world.pass(1);
  expect(Object.keys(told()?.people ?? {})).toHaveLength(199);
  node.moved(room, eve, true);
  await world.pass(1);
  expect(told()).toMatchObject({ people: {}, present: 199 });
  let most = told()?.frames ?? 0;
  for (let second = 0; second < 20; second += 1) {
    const [person = ""] = world.crowd(1);
    node.moved(room, person, true);
    await node.arrive(person);
    await world.pass(1);
  }
  most = (told()?.frames ?? 0) - most;
  expect(most).toBeLessThanOrEqual(5);
  await world.pass(5);
  expect(told()?.present).toBe(219);
  for (const person of [...(world.rooms.get(room) ?? [])]) {
    if (person !== bob) node.moved(room, person, false);
  }
  await world.pass(1);
  expect(told()).toMatchObject({ present: undefined });
  expect(Object.keys(told()?.people ?? {})).toHaveLength(21);
});

test("that somebody begins to watch a large room in between keeps nobody else from being told", async () => {
  await fill(300);
  node.watch(device, room);
  await world.pass(6);
  expect(told()?.present).toBe(301);
  const [person = ""] = world.crowd(1);
  await node.arrive(person);
  node.moved(room, person, true);
  await world.pass(1);
  // It is told how many are here just now, the other in five seconds.
  expect(node.presence.watch(room)).toContain('"present":302');
  await world.pass(6);
  expect(told()?.present).toBe(302);
});

test("a store that does not answer is asked again each second, and then all are told", async () => {
  world.isStoreDown = true;
  node.watch(device, room);
  await world.pass(5);
  expect(told()).toBeUndefined();
  world.isStoreDown = false;
  await world.pass(2);
  expect(told()?.people).toEqual({ [bob]: "online" });
});

test("[L-4] a room that nobody watches is forgotten", async () => {
  await world.pass(1);
  const before = node.presence.size;
  node.watch(device, room);
  await world.pass(1);
  expect(node.presence.size).toBe(before + 1);
  device.topics.clear();
  await world.pass(2);
  expect(node.presence.size).toBe(before);
});

test("of a room of very many nothing is told", async () => {
  const all = world.rooms.get(room);
  for (let n = 0; n < 50_001; n += 1) all?.add(`u_${n}`);
  node.watch(device, room);
  await world.pass(3);
  expect(told()).toEqual({ people: {}, present: undefined, frames: 1 });
  expect(await node.presence.of(room)).toEqual({ present: null, people: {} });
});

test("who is here of a large room is looked up for who asks now and then, once in five seconds", async () => {
  await fill(300);
  await world.pass(5);
  world.asked = 0;
  for (let n = 0; n < 20; n += 1) {
    const asking = node.presence.of(room);
    await world.pass(0);
    jest.advanceTimersByTime(0);
    expect(await asking).toEqual({ present: 301, people: {} });
  }
  expect(world.asked).toBe(1);
  await world.pass(5);
  await node.presence.of(room);
  expect(world.asked).toBe(2);
});
