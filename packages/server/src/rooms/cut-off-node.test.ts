import { afterEach, beforeEach, expect, jest, test } from "bun:test";
import { seededRandom } from "../testing/seeded-random.ts";
import { SeveralNodes } from "../testing/several-nodes.ts";

const room = "r_room000001";

/** What one node commits is seen on all others within this time (P16). */
const levelMs = 2_500;

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

test("[P16] what a node commits that alone is cut off from the bus reaches those that hear each other within 2.5 seconds", async () => {
  using world = new SeveralNodes(seededRandom(3), [room]);
  for (let n = 0; n < 3; n += 1) await world.addNode();
  const [cutOff] = world.nodes;
  if (cutOff === undefined) throw new Error("no nodes");
  cutOff.bus.isCut = true;
  cutOff.bus.isHearing = false;
  // At each moment of the round in which every node asks the store by itself.
  for (let head = 1; head <= 10; head += 1) {
    world.commit(cutOff, room);
    await world.pass(levelMs);
    const heads = world.nodes.map(({ feeds }) => feeds.peek(room)?.last);
    expect(heads).toEqual([head, head, head]);
  }
});
