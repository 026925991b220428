import { expect, test } from "bun:test";
import type { CommittedEvent } from "../../packages/server/src/store/store.ts";
import { BusNetwork } from "./bus.ts";
import { Random } from "./random.ts";
import { Owner, VirtualTime } from "./virtual-time.ts";

const room = "r_room000001";

function event(seq: number): CommittedEvent {
  const said = { type: "message.posted", stream: room, seq };
  return { stream: room, author: "A", event: said as CommittedEvent["event"] };
}

async function scene() {
  const time = new VirtualTime();
  const buses = new BusNetwork(time, new Random(3), new Owner("network"));
  const one = buses.node(new Owner("n1"));
  const owner = new Owner("n2");
  const other = buses.node(owner);
  const heard: number[] = [];
  const following = other.follow(room, (events) => {
    heard.push(...events.map(({ event: { seq } }) => seq));
  });
  time.pass(10);
  await following;
  return { time, buses, one, other, owner, heard };
}

test("[P16] what one node says of a stream comes in order, though late", async () => {
  const { time, buses, one, heard } = await scene();
  buses.trouble = { ...buses.trouble, delayMsMax: 500 };
  for (let seq = 1; seq <= 20; seq += 1) one.publish(room, [event(seq)]);
  time.pass(1_000);
  expect(heard).toEqual(Array.from({ length: 20 }, (_, n) => n + 1));
});

test("[P16] it loses and doubles by chance", async () => {
  const { time, buses, one, heard } = await scene();
  buses.trouble = { ...buses.trouble, lost: 0.5, doubled: 0.5 };
  for (let seq = 1; seq <= 200; seq += 1) one.publish(room, [event(seq)]);
  time.pass(5_000);
  const different = new Set(heard);
  expect(different.size).toBeWithin(60, 140);
  expect(heard.length).toBeGreaterThan(different.size + 20);
});

test("[P16] a node that is cut off hears nothing, notices, and doubts what it has once it is back", async () => {
  const { time, buses, one, other, owner, heard } = await scene();
  let doubts = 0;
  other.onDoubt(() => {
    doubts += 1;
  });
  buses.cutOff(owner, true);
  one.publish(room, [event(1)]);
  time.pass(10_000);
  expect(heard).toEqual([]);
  expect(other.isHearing).toBe(false);
  buses.cutOff(owner, false);
  time.pass(11_000);
  expect(other.isHearing).toBe(true);
  expect(doubts).toBe(1);
});
