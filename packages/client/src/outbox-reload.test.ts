import { expect, test } from "bun:test";
import { prefixOf } from "./person-storage.ts";
import { kept, mine } from "./testing/outbox-of.ts";
import { ann, bob, createScene, lobby, type Visit } from "./testing/scene.ts";

// What is not sent yet outlives the page.

function statuses(visit: Visit): string[][] {
  return visit
    .room()
    .timeline.pending.map(({ text, status }) => [text, status.kind]);
}

test("[V-5] what was written offline is shown and sent after a reload, in order, and is then kept no more", () => {
  const scene = createScene();
  const { wire, enter } = scene;
  const browser = wire.browser();
  const before = enter(ann, { browser });
  wire.advance(1_000);
  before.device.isOnline = false;
  before.device.cut();
  before.chat.post(lobby, "a");
  before.chat.post(lobby, "b");
  wire.flush();
  before.device.crash();
  expect(kept(browser)).toEqual(["a", "b"]);
  const offline = enter(ann, { browser, isOnline: false });
  expect(offline.pending()).toEqual(["a", "b"]);
  offline.chat.post(lobby, "c");
  wire.advance(3 * 24 * 3_600_000);
  expect(offline.pending()).toEqual(["a", "b", "c"]);
  offline.device.isOnline = true;
  offline.device.wake();
  wire.flush();
  expect(offline.pending()).toEqual([]);
  expect(mine(scene)).toEqual(["a", "b", "c"]);
  expect(kept(browser)).toEqual([]);
});

test("[V-5] a page that ends in the very moment after Enter, before anything is written, has kept the message", () => {
  const scene = createScene();
  const { wire, enter } = scene;
  const browser = wire.browser();
  const before = enter(ann, { browser });
  wire.advance(1_000);
  before.device.isReading = false;
  before.chat.post(lobby, "a");
  before.device.crash();
  expect(kept(browser)).toEqual([]);
  const after = enter(ann, { browser });
  wire.advance(60_000);
  expect(mine(scene)).toEqual(["a"]);
  expect(after.pending()).toEqual([]);
});

test.each([
  { jots: true, losesNothing: "that was written" },
  { jots: false, losesNothing: "that the storage had kept" },
])(
  "[V-5] [D-3] [O-2] a page that crashes at any step doubles nothing and loses nothing $losesNothing",
  ({ jots }) => {
    let wasWhole = false;
    for (let steps = 0; !wasWhole; steps += 1) {
      const scene = createScene();
      const { wire, enter } = scene;
      const browser = wire.browser();
      browser.storage.jots = jots;
      const first = enter(ann, { browser });
      first.chat.open(lobby);
      wire.flush();
      first.device.stepsLeft = steps;
      const texts = ["a", "b", "c"];
      for (const text of texts) first.chat.post(lobby, text);
      wire.flush();
      wasWhole = first.device.stepsLeft > 0;
      first.device.crash();
      const stored = mine(scene);
      const known = new Set(jots ? texts : [...kept(browser), ...stored]);
      const second = enter(ann, { browser });
      wire.advance(60_000);
      expect(second.pending()).toEqual([]);
      expect(kept(browser)).toEqual([]);
      expect(mine(scene)).toEqual(texts.filter((text) => known.has(text)));
      if (wasWhole) expect(stored).toEqual(texts);
    }
  },
);

test("[V-5] a message whose event is in history that no resume shows does not stay pending", () => {
  const scene = createScene();
  const { server, wire, enter } = scene;
  const browser = wire.browser();
  const first = enter(ann, { browser });
  first.device.isReading = false;
  first.chat.post(lobby, "stored, and nobody said so");
  wire.flush();
  first.device.crash();
  expect(kept(browser)).toHaveLength(1);
  for (let n = 0; n < 400; n += 1) server.post(bob, lobby, `m${n}`);
  const second = enter(ann, { browser });
  wire.advance(1_000);
  expect(second.written("message.post")).toHaveLength(1);
  expect(second.pending()).toEqual([]);
  expect(kept(browser)).toEqual([]);
  expect(mine(scene)).toHaveLength(1);
});

test("[D-4] a failed message is marked after a reload, and can be sent again or discarded there", () => {
  const scene = createScene();
  const { server, wire, enter } = scene;
  const browser = wire.browser();
  const first = enter(ann, { browser });
  server.refuse = ({ command }) =>
    command["type"] === "message.post" ? { code: "too_long" } : null;
  const one = first.chat.post(lobby, "one");
  const two = first.chat.post(lobby, "two");
  wire.flush();
  first.device.crash();
  server.refuse = () => null;
  const second = enter(ann, { browser });
  wire.advance(60_000);
  expect(statuses(second)).toEqual([
    ["one", "failed"],
    ["two", "failed"],
  ]);
  second.chat.discard(lobby, two);
  second.chat.retry(lobby, one);
  wire.flush();
  expect(mine(scene)).toEqual(["one"]);
  expect(kept(browser)).toEqual([]);
  expect(second.pending()).toEqual([]);
});

test("[O-2] what is written before the storage has answered goes after what it had kept", () => {
  const scene = createScene();
  const { wire, enter } = scene;
  const browser = wire.browser();
  const before = enter(ann, { browser, isOnline: false });
  before.chat.post(lobby, "old");
  wire.flush();
  before.device.crash();
  const device = wire.device(ann, browser);
  // A clock that was set back must not put the new message in front.
  device.env.now = () => wire.now() - 86_400_000;
  const late: (() => void)[] = [];
  const { load } = device.env.storage;
  device.env.storage = {
    ...device.env.storage,
    load: (prefix, done) =>
      load(prefix, (found) => late.push(() => done(found))),
  };
  const visit = scene.visit(ann, device, true);
  visit.chat.post(lobby, "new");
  wire.advance(1_000);
  expect(visit.chat.state.connection.status).toBe("live");
  expect(mine(scene)).toEqual([]);
  for (const call of late.splice(0)) call();
  wire.flush();
  expect(mine(scene)).toEqual(["old", "new"]);
});

test("[V-5] a failure, a retry and a discard in one tab show in the other", () => {
  const scene = createScene();
  const { server, wire, enter } = scene;
  const browser = wire.browser();
  const [one, other] = [1, 2].map(() => enter(ann, { browser })) as [
    Visit,
    Visit,
  ];
  server.refuse = ({ command }) =>
    command["type"] === "message.post" ? { code: "too_long" } : null;
  const first = one.chat.post(lobby, "first");
  const second = other.chat.post(lobby, "second");
  wire.flush();
  for (const tab of [one, other]) {
    const kinds = tab.room().timeline.pending.map(({ status }) => status.kind);
    expect(kinds).toEqual(["failed", "failed"]);
  }
  server.refuse = () => null;
  other.chat.discard(lobby, first);
  other.chat.retry(lobby, second);
  wire.flush();
  for (const tab of [one, other]) expect(tab.pending()).toEqual([]);
  expect(mine(scene)).toEqual(["second"]);
});

test("10,000 unsent messages are there within a second, and are sent", () => {
  const scene = createScene();
  const { wire, enter } = scene;
  const browser = wire.browser();
  const prefix = prefixOf({ url: "https://chat.example", person: ann });
  const count = 10_000;
  const items = Array.from({ length: count }, (_, n) => ({
    cid: `0192-${String(n).padStart(5, "0")}`,
    stream: lobby,
    text: `m${n}`,
    at: n,
    order: n + 1,
    failure: null,
  }));
  const puts = new Map<string, unknown>([
    [`${prefix}life`, "l1"],
    ...items.map((item): [string, unknown] => [
      `${prefix}l1 outbox ${item.cid}`,
      item,
    ]),
  ]);
  browser.storage.contents.write({ puts }, () => undefined);
  // Of the processor: others may keep it busy meanwhile.
  const before = process.cpuUsage();
  const visit = enter(ann, { browser, isOnline: false });
  wire.flush();
  expect(visit.chat.state.rooms).toEqual([]);
  expect(process.cpuUsage(before).user).toBeLessThan(1_000_000);
  visit.device.isReading = false;
  visit.device.isOnline = true;
  visit.device.wake();
  visit.device.isReading = true;
  wire.flush();
  expect(mine(scene)).toEqual(items.map(({ text }) => text));
  expect(kept(browser)).toEqual([]);
}, 60_000);

test("another log makes acknowledged messages that are not shown yet go out again", () => {
  const scene = createScene();
  const { server, wire, enter } = scene;
  const visit = enter(ann);
  server.misses = (event) => event.type === "message.posted";
  visit.chat.post(lobby, "in the log that is no more");
  wire.flush();
  expect(visit.pending()).toHaveLength(1);
  server.misses = () => false;
  server.epoch = "e2";
  server.close(4210);
  wire.advance(3_000);
  expect(visit.pending()).toEqual([]);
  expect(visit.written("message.post")).toHaveLength(2);
});
