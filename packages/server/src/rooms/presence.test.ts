import {
  afterEach,
  beforeEach,
  describe,
  expect,
  jest,
  spyOn,
  test,
} from "bun:test";
import { PresenceNodes, type PresenceNode } from "../testing/presence-nodes.ts";

const room = "r_room000000";
const ann = "u_ann0000000";
const bob = "u_bob0000000";
const eve = "u_eve0000000";

let world: PresenceNodes;
let one: PresenceNode;
let two: PresenceNode;

beforeEach(async () => {
  jest.useFakeTimers();
  world = new PresenceNodes();
  world.rooms.set(room, new Set([ann, bob]));
  one = world.node();
  two = world.node();
  await watchFrom(two);
});
afterEach(() => {
  world[Symbol.dispose]();
  jest.useRealTimers();
});

/** Bob watches the room, and is not counted here. */
async function watchFrom(node: PresenceNode): Promise<void> {
  const device = await node.arrive(bob);
  node.watch(device, room);
  await world.pass(2);
}

/** How Ann is shown to whoever watches on the other node. */
function shown(): string | undefined {
  return two.watched.get(room)?.people[ann];
}

test("[S-3] somebody is online on every node within two seconds, and offline ten after their last connection closed", async () => {
  const device = await one.arrive(ann);
  await world.pass(2);
  expect(shown()).toBe("online");
  one.depart(device);
  await world.pass(9);
  expect(shown()).toBe("online");
  await world.pass(3);
  expect(shown()).toBe("offline");
});

test("whoever loads the page again is told to nobody", async () => {
  const device = await one.arrive(ann);
  await world.pass(2);
  const before = two.watched.get(room)?.frames;
  one.depart(device);
  await world.pass(3);
  await one.arrive(ann);
  await world.pass(30);
  expect(two.watched.get(room)?.frames).toBe(before);
  expect(shown()).toBe("online");
});

test("the same on the other node: who comes back there is told to nobody", async () => {
  const device = await one.arrive(ann);
  await world.pass(2);
  const before = two.watched.get(room)?.frames;
  one.depart(device);
  await two.arrive(ann);
  await world.pass(30);
  expect(two.watched.get(room)?.frames).toBe(before);
});

test("somebody is away while all devices, on whichever node, have said so", async () => {
  const phone = await one.arrive(ann);
  const laptop = await two.arrive(ann);
  one.away(phone, true);
  await world.pass(3);
  expect(shown()).toBe("online");
  two.away(laptop, true);
  await world.pass(3);
  expect(shown()).toBe("away");
  two.depart(laptop);
  await world.pass(15);
  expect(shown()).toBe("away");
  one.away(phone, false);
  await world.pass(12);
  expect(shown()).toBe("online");
});

test("[L-1] whoever goes back and forth all the time is told so once in ten seconds, and in the end rightly", async () => {
  const device = await one.arrive(ann);
  await world.pass(2);
  const before = two.watched.get(room)?.frames ?? 0;
  for (let second = 0; second < 60; second += 1) {
    one.away(device, second % 2 === 0);
    await world.pass(1);
  }
  one.away(device, true);
  await world.pass(15);
  const frames = (two.watched.get(room)?.frames ?? 0) - before;
  expect(frames).toBeLessThanOrEqual(8);
  expect(shown()).toBe("away");
});

test("[S-3] whoever vanished without a word is offline 45 seconds after their last one", async () => {
  const device = await one.arrive(ann);
  await world.pass(2);
  // The heartbeat ends it after 36 seconds (socket/heartbeat.ts).
  await world.pass(36);
  one.depart(device, { silentSeconds: 36 });
  await world.pass(45 - 36 - 1);
  expect(shown()).toBe("offline");
});

test("[A-2] whose session has ended is offline at once: they do not come back by it", async () => {
  const device = await one.arrive(ann);
  await world.pass(2);
  one.depart(device, { isEnded: true });
  await world.pass(2);
  expect(shown()).toBe("offline");
});

describe("other nodes", () => {
  test("[S-3] the people of a node that died are offline 45 seconds later, and not before 30", async () => {
    await one.arrive(ann);
    await world.pass(20);
    one.kill();
    await world.pass(23);
    expect(shown()).toBe("online");
    await world.pass(22);
    expect(shown()).toBe("offline");
    expect(two.presence.size).toBe(3);
  });

  test("the people of a node that stopped are shown for as long as who goes from it", async () => {
    await one.arrive(ann);
    await world.pass(2);
    one.presence[Symbol.dispose]();
    await world.pass(8);
    expect(shown()).toBe("online");
    await world.pass(4);
    expect(shown()).toBe("offline");
  });

  test("whoever stays is shown all the time, also when a third of what nodes tell gets lost and another is doubled", async () => {
    world.network.faults = { lost: 0.3, doubled: 0.3, delayMsMax: 500 };
    let chance = 0;
    // The same every time; a run of losses longer than this is a cut.
    const drawn = [0.9, 0.1, 0.5, 0.7, 0.2, 0.8, 0.6];
    using lossy = new PresenceNodes(
      () => drawn[(chance += 1) % drawn.length] ?? 0,
    );
    lossy.network.faults = world.network.faults;
    lossy.rooms.set(room, new Set([ann, bob]));
    const here = lossy.node();
    const there = lossy.node();
    const watcher = await there.arrive(bob);
    there.watch(watcher, room);
    await here.arrive(ann);
    await lossy.pass(30);
    const before = there.watched.get(room)?.frames;
    await lossy.pass(300);
    expect(there.watched.get(room)?.frames).toBe(before);
    expect(there.watched.get(room)?.people[ann]).toBe("online");
  });

  test("a node that starts knows within two seconds who is on the others", async () => {
    await one.arrive(ann);
    await world.pass(5);
    const three = world.node();
    await watchFrom(three);
    expect(three.watched.get(room)?.people[ann]).toBe("online");
  });

  test("[P16] after a cut everybody is told again at once", async () => {
    const device = await one.arrive(ann);
    await world.pass(2);
    one.bus.isCut = true;
    one.depart(device);
    await world.pass(20);
    expect(shown()).toBe("online");
    one.bus.mend();
    two.bus.mend();
    await one.arrive(ann);
    one.away([...one.devices][0]!, true);
    await world.pass(3);
    expect(shown()).toBe("away");
  });

  test("[P15] what a process hears that was said long ago holds no longer for it", async () => {
    await one.arrive(ann);
    await world.pass(2);
    one.kill();
    await world.pass(10);
    const now = Math.round(performance.now());
    const word = { people: [[eve, 2]] as const, turn: 9 };
    world.rooms.get(room)?.add(eve);
    two.moved(room, eve, true);
    // As from a buffer, after it had stood still.
    const late = world.node();
    late.bus.tellPresence({ ...word, node: "died", at: now - 40_000 });
    await world.pass(3);
    expect(two.watched.get(room)?.people[eve]).toBeUndefined();
    late.bus.tellPresence({ ...word, node: "dies", at: now - 30_000 });
    await world.pass(2);
    expect(two.watched.get(room)?.people[eve]).toBe("online");
    await world.pass(6);
    expect(two.watched.get(room)?.people[eve]).toBe("offline");
  });

  test("[P15] whose connection broke while the process stood still is offline five seconds after it woke", async () => {
    await watchFrom(one);
    const device = await one.arrive(ann);
    await world.pass(2);
    const now = performance.now.bind(performance);
    using clock = spyOn(performance, "now");
    clock.mockImplementation(() => now() + 60_000);
    // Whether it hears that before its own clock or after.
    one.depart(device);
    const other = await one.arrive(eve);
    await world.pass(1);
    one.depart(other);
    expect(one.watched.get(room)?.people[ann]).toBe("online");
    await world.pass(4);
    expect(one.watched.get(room)?.people[ann]).toBe("offline");
  });

  test("each person is named once in twelve seconds, never all in one", async () => {
    const crowd = world.crowd(600);
    for (const person of crowd) void one.arrive(person);
    await world.pass(5);
    one.named = 0;
    one.words = 0;
    await world.pass(12);
    expect(one.words).toBe(12);
    expect(one.named).toBeGreaterThanOrEqual(600);
    expect(one.named).toBeLessThan(640);
  });

  test("[L-4] what is remembered of other nodes is bounded, and forgotten with them", async () => {
    const before = two.presence.size;
    const now = Math.round(performance.now());
    for (let node = 0; node < 500; node += 1) {
      one.bus.tellPresence({
        ...{ node: `node${node}`, turn: 1, at: now },
        people: world.crowd(3).map((person) => [person, 2] as const),
      });
    }
    await world.pass(2);
    // A node and its people, and who is shown.
    expect(two.presence.size - before).toBeLessThanOrEqual(100 * 7);
    await world.pass(45);
    expect(two.presence.size).toBeLessThanOrEqual(before);
  });
});

describe("who does not want it told", () => {
  test("[A-3] is offline to everybody, on whichever node their devices are, from their word on", async () => {
    await one.arrive(ann);
    await two.arrive(ann);
    await world.pass(2);
    expect(shown()).toBe("online");
    // The other node hears it a little later than this one.
    one.chose(ann, false);
    await world.pass(2);
    expect(shown()).toBe("offline");
    two.chose(ann, false);
    await world.pass(60);
    expect(shown()).toBe("offline");
    one.chose(ann, true);
    two.chose(ann, true);
    await world.pass(2);
    expect(shown()).toBe("online");
  });

  test("[A-3] the place: nobody is told anything, and everything again when it wants to", async () => {
    await two.arrive(ann);
    await world.pass(2);
    expect(shown()).toBe("online");
    two.showsPresence = false;
    await world.pass(1);
    expect(two.watched.get(room)).toMatchObject({ people: {} });
    const { frames } = two.watched.get(room)!;
    expect(await two.presence.of(room)).toEqual({ present: null, people: {} });
    await two.arrive(eve);
    await world.pass(10);
    expect(two.watched.get(room)?.frames).toBe(frames);
    two.showsPresence = true;
    await world.pass(1);
    expect(two.watched.get(room)?.people).toEqual({
      [ann]: "online",
      [bob]: "online",
    });
  });
});

test("[L-4] nothing is remembered of who has gone", async () => {
  for (let round = 0; round < 20; round += 1) {
    const devices = await Promise.all(
      world.crowd(50).map((person) => one.arrive(person)),
    );
    for (const device of devices) one.away(device, round % 2 === 0);
    await world.pass(1);
    for (const device of devices) one.depart(device);
  }
  for (const device of two.devices) two.depart(device);
  await world.pass(70);
  expect(one.presence.size).toBe(0);
  expect(two.presence.size).toBe(0);
});
