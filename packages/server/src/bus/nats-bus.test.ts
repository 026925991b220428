import { afterAll, beforeAll, expect, test } from "bun:test";
import { rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { openBusNode, until } from "../testing/bus-nodes.ts";
import { committed } from "../testing/committed.ts";
import { temporaryFolder } from "../testing/temporary-folder.ts";
import { startTestNats, testNatsUrl } from "../testing/test-nats.ts";
import { startWay } from "../testing/way-to-nats.ts";
import { busBetweenNodesContract, busContract } from "./bus.contract.ts";

const room = "r_room000000";
let folder: string;
beforeAll(() => {
  folder = temporaryFolder();
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Tests share a NATS: each pair of nodes has a database of its own. */
let databases = 0;
async function openPair() {
  const url = await testNatsUrl();
  databases += 1;
  const of = { instance: `contract${databases}`, secret: "s" };
  const [{ bus: one }, { bus: two }] = await Promise.all([
    openBusNode(url, { ...of, node: "one" }),
    openBusNode(url, { ...of, node: "two" }),
  ]);
  return { one, two };
}

busContract("on NATS", async () => {
  const { one, two } = await openPair();
  await two[Symbol.asyncDispose]();
  return one;
});
busBetweenNodesContract("on NATS", openPair);

test("an event that is too large for NATS is told as a head, and those around it as they are", async () => {
  const file = path.join(folder, "small.conf");
  writeFileSync(file, "max_payload: 2000\n");
  const nats = await startTestNats(["-c", file]);
  await using one = await openBusNode(nats.url);
  await using two = await openBusNode(nats.url, { node: "node2" });
  const heard: unknown[] = [];
  await two.bus.follow(room, (events) => heard.push(...events));
  two.bus.onHeads((heads) => heard.push(...heads));
  const small = [1, 2, 4].map((seq) => committed(room, seq));
  const large = committed(room, 3, { text: "x".repeat(2_000) });
  one.bus.publish(room, [...small.slice(0, 2), large, ...small.slice(2)]);
  one.bus.signal(room, {
    ...{ type: "typing", stream: room, ttlMs: 6_000 },
    by: Array.from({ length: 300 }, () => "u_77aQ0cXw2L"),
  });
  await until(() => heard.length === 4);
  expect(heard).toEqual([...small, [room, 3]]);
  expect(one.warnings()).toEqual([]);
  await nats.stop();
});

test("following resolves only when the server knows: what is published after that is heard, however slow the way", async () => {
  const nats = await startTestNats();
  const way = await startWay(nats.port, { delayMs: 100 });
  await using one = await openBusNode(nats.url);
  await using two = await openBusNode(`nats://127.0.0.1:${way.port}`, {
    node: "node2",
  });
  await until(() => two.bus.isHearing);
  const heard: string[] = [];
  const streams = ["r_first00000", room];
  const stops = streams.map((stream) =>
    two.bus.follow(stream, () => heard.push(stream)),
  );
  await Promise.all(stops);
  for (const stream of streams) one.bus.publish(stream, [committed(stream, 1)]);
  await until(() => heard.length === 2);
  expect(heard).toEqual(streams);
  way.close();
  await nats.stop();
});

test("closing takes less than a second, and what was told last still arrives", async () => {
  const { one, two } = await openPair();
  const heard: number[] = [];
  await two.follow(room, (events) =>
    heard.push(...events.map(({ event }) => event.seq)),
  );
  const text = "x".repeat(10_000);
  for (let seq = 1; seq <= 1_000; seq += 1) {
    one.publish(room, [committed(room, seq, { text })]);
  }
  const since = performance.now();
  await one[Symbol.asyncDispose]();
  expect(performance.now() - since).toBeLessThan(1_000);
  await until(() => heard.length === 1_000);
  await two[Symbol.asyncDispose]();
});

test("from the moment a bus is being closed nothing is heard, whatever still comes in", async () => {
  const { one, two } = await openPair();
  let heard = 0;
  let closing: Promise<void> | undefined;
  await two.follow(room, () => {
    heard += 1;
    // In the middle of what has come in already.
    closing ??= Promise.resolve(two[Symbol.asyncDispose]());
  });
  for (let seq = 1; seq <= 1_000; seq += 1) {
    one.publish(room, [committed(room, seq)]);
  }
  await until(() => heard > 0);
  await closing;
  expect(heard).toBe(1);
  await one[Symbol.asyncDispose]();
});
