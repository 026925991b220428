import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import { openBusNode, until } from "../testing/bus-nodes.ts";
import { committed } from "../testing/committed.ts";
import { startWay } from "../testing/way-to-nats.ts";
import { freePort } from "../testing/free-port.ts";
import { startTestNats } from "../testing/test-nats.ts";

const room = "r_room000000";

test("[P16] NATS killed and started again: it is noticed and told once, what is published meanwhile is never told late, and all subscriptions are back", async () => {
  const nats = await startTestNats();
  await using one = await openBusNode(nats.url);
  await using two = await openBusNode(nats.url, { node: "node2" });
  const heard: number[] = [];
  let doubts = 0;
  two.bus.onDoubt(() => (doubts += 1));
  const listen = (events: readonly { event: { seq: number } }[]): void => {
    heard.push(...events.map(({ event }) => event.seq));
  };
  await two.bus.follow(room, listen);
  expect([one.bus.isHearing, two.bus.isHearing, doubts]).toEqual([
    ...[true, true, 0],
  ]);

  await nats.kill();
  await until(() => !one.bus.isHearing && !two.bus.isHearing, 1_000);
  const own: number[] = [];
  // While nobody is there it resolves at once.
  await one.bus.follow(room, ([first]) => own.push(first!.event.seq));
  const stop = await two.bus.follow("r_other00000", () => heard.push(-1));
  stop();
  for (let seq = 1; seq <= 5_000; seq += 1) {
    one.bus.publish(room, [committed(room, seq)]);
  }
  expect(own).toHaveLength(5_000);

  await nats.startAgain();
  await until(() => one.bus.isHearing && two.bus.isHearing, 4_000);
  expect(doubts).toBe(1);
  one.bus.publish(room, [committed(room, 5_001)]);
  await until(() => heard.length > 0);
  expect(heard).toEqual([5_001]);

  const told = one.log.map(({ level, msg }) => [level, msg.split(/[;(]/)[0]]);
  const at = `NATS at 127.0.0.1:${nats.port}`;
  expect(told).toEqual([
    [30, `${at} is there`],
    [40, `${at} is lost `],
    [30, `${at} is there`],
  ]);
  await nats.stop();
}, 15_000);

test("[P16] a NATS that is frozen is noticed within four seconds, however much waits for it; when it goes on, so does the bus", async () => {
  const nats = await startTestNats();
  await using one = await openBusNode(nats.url);
  let doubts = 0;
  one.bus.onDoubt(() => (doubts += 1));
  process.kill(nats.pid, "SIGSTOP");
  await until(() => stateOf(nats.pid) === "T");
  const since = performance.now();
  // More than the sockets between hold.
  const text = "x".repeat(30_000);
  for (let seq = 1; seq <= 1_000; seq += 1) {
    one.bus.publish(room, [committed(room, seq, { text })]);
  }
  await until(() => !one.bus.isHearing, 4_500);
  expect(performance.now() - since).toBeLessThan(4_500);
  process.kill(nats.pid, "SIGCONT");
  await until(() => one.bus.isHearing, 4_000);
  expect(doubts).toBe(1);
  await nats.stop();
}, 15_000);

test("closing takes less than a second while NATS is frozen, and while it is gone", async () => {
  const nats = await startTestNats();
  const one = await openBusNode(nats.url);
  const two = await openBusNode(nats.url);
  process.kill(nats.pid, "SIGSTOP");
  await until(() => stateOf(nats.pid) === "T");
  let since = performance.now();
  await one[Symbol.asyncDispose]();
  expect(performance.now() - since).toBeLessThan(1_000);
  await nats.kill();
  await until(() => !two.bus.isHearing);
  since = performance.now();
  await two[Symbol.asyncDispose]();
  expect(performance.now() - since).toBeLessThan(1_000);
});

test("[P16] a NATS that cannot be reached at the start is no error: the bus says so once, and connects when it is there", async () => {
  const nats = await startTestNats();
  await nats.kill();
  const since = performance.now();
  await using one = await openBusNode(nats.url);
  expect(performance.now() - since).toBeLessThan(2_500);
  expect(one.bus.isHearing).toBe(false);
  let doubts = 0;
  one.bus.onDoubt(() => (doubts += 1));
  const heard: number[] = [];
  await one.bus.follow(room, ([first]) => heard.push(first!.event.seq));
  expect(one.warnings()).toEqual([
    `NATS at 127.0.0.1:${nats.port} cannot be reached (nothing listens there); other nodes are heard through the database, with up to 2 seconds' delay, until it is back`,
  ]);
  await nats.startAgain();
  await until(() => one.bus.isHearing, 2_000);
  expect(doubts).toBe(1);
  await using two = await openBusNode(nats.url, { node: "node2" });
  two.bus.publish(room, [committed(room, 1)]);
  await until(() => heard.length > 0);
  expect(one.warnings()).toHaveLength(1);
  await nats.stop();
}, 15_000);

test("[P16] of several servers the one that is there is used, and another when it goes", async () => {
  const first = await startTestNats();
  const second = await startTestNats();
  await first.kill();
  await using one = await openBusNode([first.url, second.url]);
  await until(() => one.bus.isHearing, 2_000);
  await first.startAgain();
  await second.kill();
  await until(() => !one.bus.isHearing, 2_000);
  await until(() => one.bus.isHearing, 3_000);
  await first.stop();
}, 15_000);

test("a host that does not exist, and one that never answers, are no error either", async () => {
  const silent = createServer();
  const port = await freePort();
  silent.listen(port, "127.0.0.1");
  const [unknown, mute] = await Promise.all([
    openBusNode("nats://nowhere.invalid:4222"),
    openBusNode(`nats://127.0.0.1:${port}`),
  ]);
  expect([unknown.bus.isHearing, mute.bus.isHearing]).toEqual([false, false]);
  expect(unknown.warnings()[0]).toMatch(/^NATS at nowhere\.invalid:4222 /);
  expect(mute.warnings()[0]).toContain("(it does not answer)");
  await Promise.all([
    unknown[Symbol.asyncDispose](),
    mute[Symbol.asyncDispose](),
  ]);
  silent.close();
});

test("[P16] a connection that answers pings but carries nothing is noticed and given up; once the way is clear it is heard again, with doubt", async () => {
  const nats = await startTestNats();
  const way = await startWay(nats.port);
  await using one = await openBusNode(`nats://127.0.0.1:${way.port}`);
  let doubts = 0;
  one.bus.onDoubt(() => (doubts += 1));
  const before = way.opened;
  way.deafen();
  await until(() => !one.bus.isHearing, 9_000);
  expect(one.warnings().at(-1)).toContain("does not come back");
  await until(() => way.opened > before);
  expect(one.bus.isHearing).toBe(false);
  way.clear();
  await until(() => one.bus.isHearing, 10_000);
  expect(doubts).toBe(1);
  way.close();
  await nats.stop();
}, 30_000);

test("[P15] a process that did not run for a while is told that it may have missed something, and blames no connection for it", async () => {
  const nats = await startTestNats();
  await using one = await openBusNode(nats.url);
  let doubts = 0;
  one.bus.onDoubt(() => (doubts += 1));
  // Longer than the silence after which a connection is taken for deaf.
  const end = performance.now() + 7_000;
  while (performance.now() < end);
  expect(doubts).toBe(0);
  await until(() => doubts > 0);
  expect(one.bus.isHearing).toBe(true);
  expect(one.warnings()).toEqual([]);
  await nats.stop();
}, 15_000);

/** "T" once a stop has taken effect. */
function stateOf(pid: number): string | undefined {
  return /\) (\w)/.exec(readFileSync(`/proc/${pid}/stat`, "utf8"))?.[1];
}
