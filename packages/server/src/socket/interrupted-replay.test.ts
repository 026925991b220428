import { expect, test } from "bun:test";
import { room, settle, SmallWorld } from "../testing/small-world.ts";

// A replay that waits, and people who are gone when it goes on.

/** From the cursor on every number once, up to the head. */
function expectWhole(
  world: SmallWorld,
  { numbers }: { numbers: { seqs: number[] } },
): void {
  world.flush();
  const all = Array.from({ length: world.head }, (_, index) => index + 1);
  expect(numbers.seqs).toEqual(all);
}

test("[P14] a replay waits for who reads slowly, and goes on from there", async () => {
  const world = new SmallWorld();
  world.post(250);
  const socket = world.connect(0);
  socket.backlog = 300_000;
  await settle();
  expect(socket.numbers.seqs).toEqual([]);
  world.post(10);
  socket.drain();
  await settle();
  expectWhole(world, socket);
});

test("[A-1] who is removed while their replay waits is told nothing later", async () => {
  const world = new SmallWorld();
  world.post(250);
  const socket = world.connect(0);
  socket.backlog = 300_000;
  await settle();
  world.remove();
  socket.drain();
  await settle();
  expect(socket.numbers.seqs).toEqual([]);
  expect(socket.received.map(({ type }) => type)).toContain("gone");
});

test("[L-3] a socket that closes while its replay waits ends it", async () => {
  const world = new SmallWorld();
  world.post(250);
  const socket = world.connect(0);
  socket.backlog = 300_000;
  await settle();
  socket.close();
  await settle();
  expect(socket.numbers.seqs).toEqual([]);
});

test("[A-1] who follows nothing is forgotten all the same, also when their other connection closes meanwhile", async () => {
  const stepsMax = 8;
  for (let closing = 1; closing <= stepsMax; closing += 1) {
    for (let removal = closing; removal <= stepsMax; removal += 1) {
      const world = new SmallWorld();
      world.post(5);
      const earlier = world.connect(undefined);
      await settle();
      world.steps = 0;
      // The stream that is not there makes it wait for the store.
      const socket = world.connect(undefined, { others: { r_elsewhere0: 1 } });
      world.happenings.set(closing, () => {
        earlier.close();
      });
      const close = world.happenings.get(removal);
      world.happenings.set(removal, () => {
        close?.();
        world.remove();
      });
      await settle();
      if (world.isMember) world.remove();
      socket.say({ type: "follow", id: 2, stream: room, cursor: 5 });
      await settle();
      world.post();
      world.flush();
      expect(socket.numbers.seqs).toEqual([]);
      expect(socket.received.at(-1)).toMatchObject({ type: "gone", id: 2 });
    }
  }
});

test("[A-1] who is removed while history is read for them gets none of it", async () => {
  for (let step = 1; ; step += 1) {
    const world = new SmallWorld();
    world.post(5);
    const socket = world.connect(5);
    await settle();
    world.steps = 0;
    world.happenings.set(step, () => {
      world.remove();
    });
    socket.say({ type: "history", id: 2, stream: room, after: 0, upTo: 5 });
    await settle();
    if (world.steps < step) break;
    expect(socket.received.at(-1)).toMatchObject({ id: 2, code: "not_found" });
  }
});
