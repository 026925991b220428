import { afterEach, beforeEach, expect, jest, spyOn, test } from "bun:test";
import { seededRandom } from "../testing/seeded-random.ts";
import { SeveralNodes, type SmallNode } from "../testing/several-nodes.ts";

// What each of its ways to find a lost tail does by itself; all of them
// together, under faults, are in several-nodes.test.ts.

const room = "r_room000000";
let world: SeveralNodes;
let one: SmallNode;
let other: SmallNode;

beforeEach(async () => {
  jest.useFakeTimers();
  world = new SeveralNodes(seededRandom(1), [room]);
  one = await world.addNode();
  other = await world.addNode();
});
afterEach(() => {
  world[Symbol.dispose]();
  jest.useRealTimers();
});

/** What the other node has handed on. */
function seqs({ delivered }: SmallNode = other): number[] {
  return delivered.get(room)?.map(({ seq }) => seq) ?? [];
}

test("[P16] the other nodes are told what was committed in the last ten seconds, every two seconds", async () => {
  const told: ReadonlyMap<string, number>[] = [];
  one.bus.tellHeads = (heads) => told.push(heads);
  one.watch.committed(room, 3);
  one.watch.committed(room, 5);
  one.watch.committed(room, 4);
  await world.pass(30_000, 100);
  expect(told.length).toBeWithin(5, 7);
  for (const heads of told) expect(heads).toEqual(new Map([[room, 5]]));
});

test("[P16] a feed that is still behind what another node tells is read 200 ms later", async () => {
  world.commit(one, room, { isTold: false });
  one.bus.tellHeads(new Map([[room, 1]]));
  await world.pass(190);
  expect(seqs()).toEqual([]);
  await world.pass(30);
  expect(seqs()).toEqual([1]);
});

test("what arrives by itself in that time is not read", async () => {
  world.commit(one, room);
  one.bus.tellHeads(new Map([[room, 1]]));
  await world.pass(1_000);
  expect(seqs()).toEqual([1]);
  expect(world.pages).toBe(0);
});

test("heads of streams that nobody here follows cost nothing", async () => {
  one.bus.tellHeads(new Map([["r_elsewhere0", 1_000]]));
  await world.pass(1_000);
  expect([world.questions, world.pages]).toEqual([0, 0]);
});

test("a head that is a lie costs reads that find nothing, one per telling", async () => {
  world.commit(one, room);
  await world.pass(100);
  for (let n = 1; n <= 3; n += 1) {
    one.bus.tellHeads(new Map([[room, 9]]));
    await world.pass(1_000);
    expect(world.pages).toBe(n);
  }
  world.commit(other, room);
  await world.pass(100);
  expect(seqs()).toEqual([1, 2]);
});

test("[P16] each open feed is compared with the store every two seconds, whatever is told, and that is no use of it", async () => {
  const usedAt = other.feeds.peek(room)?.usedAt;
  for (const node of [one, other]) node.bus.tellHeads = () => undefined;
  world.commit(one, room, { isTold: false });
  await world.pass(2_500, 100);
  expect([seqs(one), seqs(other)]).toEqual([[1], [1]]);
  // Each node asked for its one room, once or twice.
  expect(world.questions).toBeWithin(2, 5);
  expect(other.feeds.peek(room)?.usedAt).toBe(usedAt ?? -1);
});

test("[P16] when there is doubt everything is compared at once", async () => {
  world.commit(one, room, { isTold: false });
  other.bus.mend();
  await world.pass(60);
  expect(seqs()).toEqual([1]);
});

test("of several doubts one question is under way at a time, and none is forgotten", async () => {
  world.questions = 0;
  for (let n = 0; n < 10; n += 1) other.bus.mend();
  world.commit(one, room, { isTold: false });
  other.bus.mend();
  await world.pass(50);
  expect(seqs()).toEqual([1]);
  expect(world.questions).toBe(2);
  expect(world.underWayMost).toBe(1);
});

test("[P16] while the other nodes are not heard everything is compared every two seconds, and once more when they are", async () => {
  other.bus.isCut = true;
  other.bus.isHearing = false;
  for (let seq = 1; seq <= 5; seq += 1) {
    world.commit(one, room);
    await world.pass(2_100);
    expect(seqs()).toHaveLength(seq);
  }
  world.commit(one, room);
  other.bus.isCut = false;
  other.bus.isHearing = true;
  await world.pass(1_100);
  expect(seqs()).toHaveLength(6);
});

test("[P15] a node that stood still compares everything at its first second after it", async () => {
  world.commit(one, room, { isTold: false });
  const now = performance.now();
  const clock = spyOn(performance, "now").mockReturnValue(now + 60_000);
  other.watch.tick();
  clock.mockRestore();
  await world.pass(60);
  expect(seqs()).toEqual([1]);
});

test("a store that does not answer is asked again at the next second, and told of once", async () => {
  world.isStoreDown = true;
  world.commit(one, room, { isTold: false });
  other.bus.mend();
  await world.pass(5_000, 50);
  // Once by each of the two.
  expect(world.errors).toBe(2);
  expect(world.questions).toBeWithin(4, 12);
  // One at a time by each.
  expect(world.underWayMost).toBeLessThanOrEqual(2);
  world.isStoreDown = false;
  await world.pass(1_100);
  expect(seqs()).toEqual([1]);
});

test("[P16] what was committed without anybody being told is read here, and told to the others at once", async () => {
  world.commit(one, room, { isTold: false });
  one.watch.moved(new Map([[room, 1]]));
  await world.pass(30);
  expect(seqs(one)).toEqual([1]);
  await world.pass(220);
  expect(seqs(other)).toEqual([1]);
});

test("[L-4] what was committed long ago is forgotten, and a closed watch asks nothing", async () => {
  one.watch.committed(room, 1);
  await world.pass(15_000, 100);
  const told: unknown[] = [];
  one.bus.tellHeads = (heads) => told.push(heads);
  await world.pass(5_000, 100);
  expect(told).toEqual([]);
  world[Symbol.dispose]();
  world.questions = 0;
  world.pages = 0;
  one.bus.mend();
  other.bus.tellHeads(new Map([[room, 7]]));
  await world.pass(70_000, 1_000);
  expect([world.questions, world.pages]).toEqual([0, 0]);
});
