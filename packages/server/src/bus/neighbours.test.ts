import { expect, test } from "bun:test";
import { connect } from "@nats-io/transport-node";
import { oneDatabase, openBusNode, until } from "../testing/bus-nodes.ts";
import { committed } from "../testing/committed.ts";
import { startTestNats } from "../testing/test-nats.ts";
import { Envelope } from "./envelope.ts";
import { nodesSubject } from "./subjects.ts";

const room = "r_room000000";
const { instance, secret } = oneDatabase;

const strangers =
  "another Parley with a different database uses the same NATS; the two do not hear each other";

test("two databases on one NATS do not hear each other, even with the same streams, and each warns once", async () => {
  const nats = await startTestNats();
  await using one = await openBusNode(nats.url, {
    ...{ instance: "db.one *>", secret: "1" },
  });
  const heard: unknown[] = [];
  await one.bus.follow(room, (events) => heard.push(...events));
  one.bus.onHeads((heads) => heard.push(heads));
  one.bus.onSignal((signal) => heard.push(signal));
  await using two = await openBusNode(nats.url, {
    ...{ instance: "db two", secret: "2" },
  });
  two.bus.publish(room, [committed(room, 1)]);
  two.bus.tellHeads(new Map([[room, 1]]));
  await until(() => one.warnings().length > 0);
  // And again, in a process of its own.
  await using three = await openBusNode(nats.url, {
    ...{ instance: "db two", secret: "2", node: "node2" },
  });
  three.bus.publish(room, [committed(room, 2)]);
  await using four = await openBusNode(nats.url, {
    ...{ instance: "db.one *>", secret: "1", node: "node2" },
  });
  four.bus.publish(room, [committed(room, 3)]);
  await until(() => heard.length > 0);
  expect(heard).toEqual([committed(room, 3)]);
  expect(one.warnings()).toEqual([strangers]);
  await nats.stop();
});

test("two nodes of one name are warned of, and a clock that is far off, each once; nothing else happens", async () => {
  const nats = await startTestNats();
  await using one = await openBusNode(nats.url, { node: "same" });
  const stranger = await connect({ servers: `127.0.0.1:${nats.port}` });
  const say = (change: object, key = secret): void => {
    const text = JSON.stringify({
      ...{ instance, node: "node2", boot: "boot2", now: Date.now() },
      ...change,
    });
    stranger.publish(nodesSubject, new Envelope(key).seal(nodesSubject, text));
  };
  // Not yet heard of anything: the process must have run for a moment.
  await until(() => one.bus.isHearing);
  say({});
  say({ now: Date.now() + 3_600_000, node: "ahead", boot: "a" });
  say({ now: Date.now() + 3_600_500, node: "ahead", boot: "a" });
  say({ now: Date.now() - 3_600_000, node: "behind", boot: "b" });
  say({ node: "same", boot: "c" });
  say({ node: "same", boot: "c" });
  say({ node: "same", boot: "d" }, "not the secret");
  await stranger.flush();
  await until(() => one.warnings().length >= 4);
  const facts = one.log.filter(({ level }) => level >= 40);
  expect(facts.map(({ node, aheadSeconds }) => [node, aheadSeconds])).toEqual([
    ["ahead", 3_600],
    ["behind", -3_600],
    ["same", undefined],
    [undefined, undefined],
  ]);
  expect(facts[2]?.msg).toContain("PARLEY_NODE");
  await stranger.close();
  await nats.stop();
});

test("[L-4] strangers without number fill neither the memory nor the log", async () => {
  const nats = await startTestNats();
  await using one = await openBusNode(nats.url);
  const stranger = await connect({ servers: `127.0.0.1:${nats.port}` });
  for (let n = 0; n < 3_000; n += 1) {
    const text = JSON.stringify({
      ...{ instance: `other${n}`, node: "", boot: "b", now: 0 },
    });
    stranger.publish(nodesSubject, new Envelope("").seal(nodesSubject, text));
  }
  await stranger.flush();
  await until(() => one.warnings().length >= 100);
  await using two = await openBusNode(nats.url, { node: "node2" });
  const heard: unknown[] = [];
  await one.bus.follow(room, (events) => heard.push(...events));
  two.bus.publish(room, [committed(room, 1)]);
  await until(() => heard.length > 0);
  expect(one.warnings().length).toBe(100);
  await stranger.close();
  await nats.stop();
});
