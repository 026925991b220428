import { expect, test } from "bun:test";
import {
  settle,
  SmallWorld,
  type SmallSocket,
} from "../testing/small-world.ts";
import { Turnstile } from "./turnstile.ts";

test("[P13] two places are taken at once; the third has one when somebody leaves, in the order of coming", async () => {
  const turnstile = new Turnstile(2);
  const inside: string[] = [];
  const come = async (name: string): Promise<void> => {
    await turnstile.enter();
    inside.push(name);
  };
  const coming = ["one", "two", "three", "four"].map(come);
  await Promise.all(coming.slice(0, 2));
  expect(inside).toEqual(["one", "two"]);
  turnstile.leave();
  await coming[2];
  expect(inside).toEqual(["one", "two", "three"]);
  turnstile.leave();
  await coming[3];
  expect(inside.at(-1)).toBe("four");
});

test("[L-4] when all have left, every place is free and nobody is remembered", async () => {
  const turnstile = new Turnstile(2);
  const visits = Array.from({ length: 10 }, async () => {
    await turnstile.enter();
    turnstile.leave();
  });
  await Promise.all(visits);
  expect(turnstile.crowd).toBe(0);
});

/** More than is at hand, and little enough to be replayed. */
const missed = 280;

function isLevel({ received }: SmallSocket): boolean {
  return received.some(({ type }) => type === "ready");
}

test("[P14] who comes back and does not read keeps nobody else waiting, and is brought level when it reads", async () => {
  const world = new SmallWorld();
  world.post(missed);
  const slow = world.connect(0);
  slow.backlog = 1e6;
  await settle();
  expect(isLevel(slow)).toBe(false);
  const quick = world.connect(0);
  await settle();
  expect(isLevel(quick)).toBe(true);
  slow.drain();
  await settle();
  expect(isLevel(slow)).toBe(true);
  expect(slow.numbers).toEqual(quick.numbers);
  expect(world.comingBack).toBe(0);
});

test("[L-4] who goes while it waits for its turn takes no place", async () => {
  const world = new SmallWorld();
  world.post(missed);
  const gone = [world.connect(0), world.connect(0), world.connect(0)];
  for (const socket of gone) {
    socket.backlog = 1e6;
    socket.close();
  }
  const quick = world.connect(0);
  await settle();
  expect(isLevel(quick)).toBe(true);
  expect(quick.numbers.seqs).toHaveLength(missed);
  expect(world.comingBack).toBe(0);
});
