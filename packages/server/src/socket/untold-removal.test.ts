import { expect, test } from "bun:test";
import { room, settle, SmallWorld } from "../testing/small-world.ts";

// Another node has taken somebody out of a room, and the word of it is still on
// its way: a millisecond as a rule, two seconds while NATS is gone. A feed that
// is opened in that time begins beyond the removal, and will never tell of it.

/** What is committed now is not heard of here until `tell` is called. */
function cutOff(world: SmallWorld): { tell: () => void } {
  const tell = world.tell.bind(world);
  world.tell = () => undefined;
  return { tell };
}

function largest(seqs: readonly number[]): number {
  return Math.max(0, ...seqs);
}

test.each([4, 1])(
  "[A-1] who follows a room from %p gets nothing of it that was said after they were taken out",
  async (cursor) => {
    const world = new SmallWorld();
    world.post(5);
    const socket = world.connect(undefined);
    await settle();
    const elsewhere = cutOff(world);
    world.remove();
    world.post(3);
    socket.say({ type: "follow", id: 2, stream: room, cursor });
    await settle();
    expect(largest(socket.numbers.seqs)).toBeLessThanOrEqual(6);
    expect(socket.topics).not.toContain(`s:${room}`);
    elsewhere.tell();
    await settle();
    world.post();
    world.flush();
    expect(largest(socket.numbers.seqs)).toBeLessThanOrEqual(6);
  },
);

test("[A-1] neither does a second device that comes meanwhile", async () => {
  const world = new SmallWorld();
  world.post(5);
  world.connect(undefined);
  await settle();
  cutOff(world);
  world.remove();
  world.post(3);
  const second = world.connect(4);
  await settle();
  expect(largest(second.numbers.seqs)).toBeLessThanOrEqual(6);
  expect(second.topics).not.toContain(`s:${room}`);
});
