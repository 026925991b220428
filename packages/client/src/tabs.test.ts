import { expect, test } from "bun:test";
import { mine } from "./testing/outbox-of.ts";
import {
  ann,
  bob,
  createScene,
  design,
  lobby,
  type Visit,
} from "./testing/scene.ts";

// The tabs of one person in one browser: one queue, and one of them sends it.

function posts(visit: Visit): unknown[] {
  return visit.written("message.post").map(({ text }) => text);
}

function goOffline({ device }: Visit) {
  device.isOnline = false;
  device.cut(1001);
}

function goOnline({ device }: Visit) {
  device.isOnline = true;
  device.wake();
}

test("[V-5] all tabs show one queue, and one tab sends it, in the order of writing", () => {
  const scene = createScene();
  const { wire, enter } = scene;
  const browser = wire.browser();
  const tabs = [1, 2, 3].map(() => enter(ann, { browser }));
  tabs.forEach(goOffline);
  const texts: string[] = [];
  for (let n = 0; n < 12; n += 1) {
    texts.push(`m${n}`);
    tabs[n % 3]?.chat.post(lobby, `m${n}`);
    wire.flush();
  }
  for (const tab of tabs) expect(tab.pending()).toEqual(texts);
  tabs.forEach(goOnline);
  wire.advance(1_000);
  expect(mine(scene)).toEqual(texts);
  // One may have been written to a socket that had gone already.
  const sent = tabs.map((tab) => new Set(posts(tab)).size);
  expect(sent).toEqual([12, 0, 0]);
  for (const tab of tabs) expect(tab.pending()).toEqual([]);
});

test("a message goes to the server as soon as it is written in any tab, and each tab shows it once", () => {
  const scene = createScene();
  const { wire, enter } = scene;
  const browser = wire.browser();
  const leader = enter(ann, { browser });
  const follower = enter(ann, { browser });
  for (const tab of [leader, follower]) tab.chat.open(lobby);
  wire.flush();
  follower.chat.post(lobby, "hello");
  wire.flush();
  expect(posts(leader)).toEqual(["hello"]);
  expect(posts(follower)).toEqual([]);
  for (const tab of [leader, follower]) {
    expect(tab.texts()).toEqual(["hello"]);
    expect(tab.pending()).toEqual([]);
  }
});

test("when the tab that sends is closed or crashes, another one goes on at once", () => {
  for (const how of ["close", "crash"] as const) {
    const scene = createScene();
    const { wire, enter } = scene;
    const browser = wire.browser();
    const leader = enter(ann, { browser });
    const follower = enter(ann, { browser });
    leader.device.isReading = false;
    leader.chat.post(lobby, "a");
    leader.chat.post(lobby, "b");
    wire.flush();
    expect(posts(leader)).toEqual(["a"]);
    if (how === "close") leader.chat.close();
    else leader.device.crash();
    wire.flush();
    expect(mine(scene)).toEqual(["a", "b"]);
    expect(follower.pending()).toEqual([]);
  }
});

test("what a tab wrote in the moment it was closed is sent by the next leader", () => {
  const scene = createScene();
  const { wire, enter } = scene;
  const browser = wire.browser();
  const leader = enter(ann, { browser });
  wire.advance(1_000);
  goOffline(leader);
  wire.flush();
  leader.chat.post(lobby, "kept, and told nobody who was there");
  wire.flush();
  const device = wire.device(ann, browser);
  // The new tab reads before that is kept, and listens after it was told.
  device.env.channel = () => ({
    tell: () => undefined,
    close: () => undefined,
  });
  device.env.storage = {
    ...device.env.storage,
    load: (_prefix, done) => done(new Map()),
  };
  const { storage } = wire.device(ann, browser).env;
  const next = scene.visit(ann, device, true);
  expect(mine(scene)).toEqual([]);
  device.env.storage.load = (prefix, done) => storage.load(prefix, done);
  leader.device.crash();
  wire.flush();
  expect(mine(scene)).toEqual(["kept, and told nobody who was there"]);
  expect(next.pending()).toEqual([]);
});

test("a tab that is live takes over from one that stands still or has no connection, after 10 s", () => {
  for (const how of ["frozen", "offline"] as const) {
    const scene = createScene();
    const { wire, enter } = scene;
    const browser = wire.browser();
    const leader = enter(ann, { browser });
    const follower = enter(ann, { browser });
    wire.advance(20_000);
    if (how === "frozen") leader.device.isFrozen = true;
    else goOffline(leader);
    follower.chat.post(lobby, "a");
    wire.advance(9_900);
    expect(mine(scene)).toEqual([]);
    wire.advance(100);
    expect(mine(scene)).toEqual(["a"]);
    follower.chat.post(lobby, "b");
    wire.flush();
    expect(mine(scene)).toEqual(["a", "b"]);
  }
});

test("a leader that is at work but refused for a while keeps the lead", () => {
  const scene = createScene();
  const { server, wire, enter } = scene;
  const browser = wire.browser();
  const leader = enter(ann, { browser });
  const follower = enter(ann, { browser });
  server.refuse = ({ command }) =>
    command["type"] === "message.post"
      ? { code: "rate_limited", retryAfterMs: 60_000 }
      : null;
  follower.chat.post(lobby, "patience");
  wire.advance(59_000);
  server.refuse = () => null;
  wire.advance(1_000);
  expect(mine(scene)).toEqual(["patience"]);
  expect(posts(follower)).toEqual([]);
  expect(posts(leader)).toHaveLength(2);
});

test("[D-3] [O-2] a leader that thaws sends nothing new before it leads again, and nothing is doubled", () => {
  for (const hasMore of [false, true]) {
    const scene = createScene();
    const { server, wire, enter } = scene;
    const browser = wire.browser();
    const leader = enter(ann, { browser });
    const follower = enter(ann, { browser });
    leader.device.isReading = false;
    leader.chat.post(lobby, "a");
    leader.chat.post(lobby, "b");
    wire.flush();
    leader.device.isFrozen = true;
    leader.device.isReading = true;
    follower.device.isReading = false;
    // The one who takes over waits for its answer while the other one thaws.
    wire.advance(10_000);
    expect(posts(follower)).toEqual(["b"]);
    if (hasMore) {
      follower.chat.post(lobby, "c");
      wire.flush();
    }
    const before = posts(leader).length;
    leader.device.isFrozen = false;
    leader.chat.post(lobby, "d");
    expect(posts(leader).slice(before)).toEqual([]);
    follower.device.isReading = true;
    wire.advance(30_000);
    const texts = hasMore ? ["a", "b", "c", "d"] : ["a", "b", "d"];
    expect(mine(scene)).toEqual(texts);
    const cids = server.messages(lobby).map(({ cid }) => cid);
    expect(new Set(cids).size).toBe(cids.length);
    for (const tab of [leader, follower]) expect(tab.pending()).toEqual([]);
  }
});

test("[O-2] what a tab does first after it stood still waits until it leads again", () => {
  const scene = createScene();
  const { wire, enter } = scene;
  const browser = wire.browser();
  const leader = enter(ann, { browser });
  const follower = enter(ann, { browser });
  wire.advance(1_000);
  leader.device.isFrozen = true;
  follower.device.isReading = false;
  follower.chat.post(lobby, "a");
  follower.chat.post(lobby, "b");
  wire.advance(10_000);
  expect(posts(follower)).toEqual(["a"]);
  // A click comes before all that was to be heard meanwhile.
  leader.chat.post(lobby, "c");
  expect(posts(leader)).toEqual([]);
  leader.device.isFrozen = false;
  wire.advance(1_000);
  follower.device.isReading = true;
  wire.advance(30_000);
  expect(mine(scene)).toEqual(["a", "b", "c"]);
  for (const tab of [leader, follower]) expect(tab.pending()).toEqual([]);
});

test("[O-2] three tabs that freeze, go offline, crash and come back lose, double and reorder nothing", () => {
  for (let seed = 1; seed <= 60; seed += 1) {
    const scene = createScene(seed);
    const { server, wire, enter } = scene;
    server.addRoom(design, "Design", [ann, bob]);
    const browser = wire.browser();
    const tabs = [1, 2, 3].map(() => enter(ann, { browser }));
    wire.advance(1_000);
    const random = wire.device(bob).env.random;
    const written: string[] = [];
    for (let step = 0; step < 60; step += 1) {
      const index = Math.floor(random() * tabs.length);
      const tab = tabs[index] as Visit;
      const { device, chat } = tab;
      const dice = random();
      if (dice < 0.4) {
        if (!device.isFrozen) {
          written.push(chat.post(lobby, `m${written.length}`));
          wire.flush();
        }
      } else if (dice < 0.5) device.isFrozen = !device.isFrozen;
      else if (dice < 0.6) device.isReading = !device.isReading;
      else if (dice < 0.7) {
        if (device.isOnline) goOffline(tab);
        else goOnline(tab);
      } else if (dice < 0.75 && !device.isFrozen) {
        wire.flush();
        device.crash();
        tabs[index] = enter(ann, { browser });
      } else wire.advance(Math.floor(random() * 6_000));
    }
    for (const tab of tabs) {
      tab.device.isFrozen = false;
      tab.device.isReading = true;
      goOnline(tab);
    }
    wire.advance(90_000);
    const stored = server.messages(lobby).map(({ cid }) => cid);
    expect([seed, ...stored]).toEqual([seed, ...written]);
    for (const tab of tabs) expect(tab.pending()).toEqual([]);
  }
});

test("without locks every tab sends, and each message is there once", () => {
  const scene = createScene();
  const { server, wire, enter } = scene;
  const browser = wire.browser();
  browser.hasLocks = false;
  const tabs = [1, 2].map(() => enter(ann, { browser }));
  tabs.forEach(goOffline);
  for (let n = 0; n < 6; n += 1) {
    tabs[n % 2]?.chat.post(lobby, `m${n}`);
    wire.flush();
  }
  tabs.forEach(goOnline);
  wire.advance(5_000);
  expect(server.messages(lobby).map(({ text }) => text)).toEqual(
    Array.from({ length: 6 }, (_, n) => `m${n}`),
  );
  for (const tab of tabs) expect(tab.pending()).toEqual([]);
});

test("in a browser that keeps nothing a new tab still learns of what is not sent", () => {
  const { wire, enter } = createScene();
  const browser = wire.browser();
  browser.storage.state = "forbidden";
  const one = enter(ann, { browser });
  goOffline(one);
  one.chat.post(lobby, "only in this tab");
  wire.flush();
  const other = enter(ann, { browser, isOnline: true });
  wire.advance(20_000);
  expect(other.room().head).toBe(5);
  expect(other.pending()).toEqual([]);
  expect(posts(other)).toEqual(["only in this tab"]);
});
