import { expect, test } from "bun:test";
import { holesOf } from "./runs.ts";
import {
  ann,
  bob,
  createScene,
  eve,
  lobby,
  type Scene,
  type Visit,
} from "./testing/scene.ts";

// What was deleted is nowhere, and does not count, whatever had come before the
// deletion or comes after it.

const lists = "/api/rooms";

function fill({ server, wire }: Scene, count: number) {
  for (let n = 1; n <= count; n += 1) server.post(bob, lobby, `m${n}`);
  wire.flush();
}

function seqOf({ server }: Scene, text: string): number {
  const found = server.messages(lobby).find((one) => one.text === text);
  if (!found) throw new Error(`Nobody has said ${text}.`);
  return found.seq;
}

function asked({ device }: Visit, path: string): number {
  return device.asked.filter((one) => one === path).length;
}

test("[U-1] a deleted message does not count, and its row stays, empty", () => {
  const scene = createScene();
  const visit = scene.enter(ann);
  visit.chat.open(lobby);
  fill(scene, 3);
  expect(visit.room().unread).toBe(3);
  scene.server.deleteMessage(bob, lobby, seqOf(scene, "m2"));
  scene.wire.flush();
  expect(visit.room().unread).toBe(2);
  expect(visit.texts()).toEqual(["m1", "", "m3"]);
  expect(visit.room().timeline.messages[1]).toMatchObject({ deleted: true });
  // Counted where it was told, without a question.
  expect(asked(visit, lists)).toBe(1);
});

test("[U-1] one that is read, or one's own, was not counted", () => {
  const scene = createScene();
  const { server, wire } = scene;
  const visit = scene.enter(ann);
  visit.chat.open(lobby);
  fill(scene, 3);
  server.post(ann, lobby, "mine");
  wire.flush();
  visit.chat.markRead(lobby, seqOf(scene, "m1"));
  wire.advance(1_000);
  for (const text of ["m1", "mine"]) {
    server.deleteMessage(bob, lobby, seqOf(scene, text));
  }
  wire.advance(1_000);
  expect(visit.room().unread).toBe(2);
});

test("[U-1] of one that is not here the server is asked, once for many and not at once", () => {
  const scene = createScene();
  const { server, wire } = scene;
  fill(scene, 20);
  const visit = scene.enter(ann);
  expect(visit.room()).toMatchObject({ unread: 20 });
  for (const text of ["m3", "m4", "m5"]) {
    server.deleteMessage(bob, lobby, seqOf(scene, text));
  }
  wire.flush();
  expect(asked(visit, lists)).toBe(1);
  wire.advance(5_000);
  expect(visit.room().unread).toBe(17);
  expect(asked(visit, lists)).toBe(2);
});

test("[U-1] [L-2] it is asked as soon after a gap, of which more will be asked later", () => {
  const scene = createScene();
  const { server, wire } = scene;
  const visit = scene.enter(ann);
  visit.device.isOnline = false;
  visit.device.cut(1001);
  fill(scene, 400);
  visit.device.isOnline = true;
  visit.device.wake();
  wire.advance(1_000);
  visit.chat.markRead(lobby, seqOf(scene, "m330"));
  wire.advance(1_000);
  expect(visit.room().unread).toBe(70);
  // Neither is here: the page begins later.
  for (const text of ["m335", "m340"]) {
    server.deleteMessage(bob, lobby, seqOf(scene, text));
  }
  wire.advance(5_000);
  expect(visit.room().unread).toBe(68);
});

test("[U-1] where more than can be counted is unread, the server is asked as well", () => {
  const scene = createScene();
  const visit = scene.enter(ann);
  fill(scene, 101);
  expect(visit.room().unread).toBe(100);
  scene.server.deleteMessage(bob, lobby, seqOf(scene, "m50"));
  scene.wire.advance(5_000);
  expect(visit.room().unread).toBe(100);
  scene.server.deleteMessage(bob, lobby, seqOf(scene, "m51"));
  scene.wire.advance(5_000);
  expect(visit.room().unread).toBe(99);
});

test("[U-1] a connection that ends before the answer is made up for by the next", () => {
  const scene = createScene();
  const { server, wire, enter } = scene;
  fill(scene, 20);
  const browser = wire.browser();
  const visit = enter(ann, { browser });
  wire.advance(2_000);
  server.deleteMessage(bob, lobby, seqOf(scene, "m3"));
  wire.flush();
  // What is kept now would be wrong for ever.
  visit.device.hide();
  wire.flush();
  visit.device.crash();
  const again = enter(ann, { browser });
  wire.advance(10_000);
  expect(again.room().unread).toBe(19);
});

test("[U-6] a mark's count that is older than a deletion does not bring it back", () => {
  const scene = createScene();
  const { server, wire } = scene;
  const visit = scene.enter(ann);
  fill(scene, 20);
  // The inbox' word of the mark is late: the room tells of the deletion first.
  const upTo = seqOf(scene, "m5");
  server.misses = (event) => event.stream === "inbox";
  server.mark(ann, lobby, upTo);
  server.misses = () => false;
  server.deleteMessage(bob, lobby, seqOf(scene, "m9"));
  wire.flush();
  expect(visit.room().unread).toBe(19);
  expect(visit.room().read).toBeLessThan(upTo);
  server.setPreferences(ann, { showsTyping: false });
  wire.flush();
  expect(visit.room()).toMatchObject({ read: upTo, unread: 14 });
});

test("[V-4] whoever is called otherwise since a gap is asked for, also when they have said nothing since", () => {
  const scene = createScene();
  const { server, wire, enter } = scene;
  const browser = wire.browser();
  const visit = enter(ann, { browser });
  server.post(eve, lobby, "hello");
  wire.advance(2_000);
  visit.device.isOnline = false;
  visit.device.cut(1001);
  server.changePerson(eve, { name: "Eva" });
  fill(scene, 400);
  visit.device.isOnline = true;
  visit.device.wake();
  wire.advance(1_000);
  // What is kept meanwhile is of before the gap.
  visit.device.hide();
  wire.flush();
  visit.device.crash();
  const again = enter(ann, { browser });
  wire.advance(40_000);
  expect(again.chat.state.people.get(eve)?.name).toBe("Eva");
});

test("[E-2] a page that was on its way when a message was deleted does not bring it back", () => {
  const scene = createScene();
  const { server, wire } = scene;
  fill(scene, 3);
  const visit = scene.enter(ann);
  const { answer } = server;
  // The server reads the page, and the event overtakes it.
  server.answer = (request, person) => {
    const read = answer(request, person);
    if (!request.url.includes("/messages")) return read;
    server.answer = answer;
    const { seq = 0 } = server.messages(lobby)[1] ?? {};
    server.deleteMessage(bob, lobby, seq);
    return read;
  };
  const { fetch } = visit.device.env;
  visit.device.env.fetch = (request, done) =>
    fetch(request, (page) => visit.device.env.setTimer(100, () => done(page)));
  visit.chat.open(lobby);
  wire.advance(1_000);
  expect(visit.texts()).toEqual(["m1", "", "m3"]);
});

test("[E-2] [V-3] rows that stay on the screen over a gap are gone through for what was deleted in it", () => {
  const scene = createScene();
  const { server, wire } = scene;
  fill(scene, 120);
  const visit = scene.enter(ann);
  visit.chat.open(lobby);
  wire.flush();
  for (let page = 0; page < 2; page += 1) {
    visit.chat.loadOlder(lobby).catch(() => undefined);
    wire.flush();
  }
  expect(visit.texts()).toHaveLength(120);
  visit.device.isOnline = false;
  visit.device.cut(1001);
  for (const text of ["m5", "m60", "m115"]) {
    server.deleteMessage(bob, lobby, seqOf(scene, text));
  }
  fill(scene, 400);
  visit.device.isOnline = true;
  visit.device.wake();
  wire.advance(5_000);
  const { timeline } = visit.room();
  expect(holesOf(timeline)).toHaveLength(1);
  const [old] = timeline.older;
  expect(old?.messages).toHaveLength(120);
  const deleted = old?.messages.filter((one) => one.deleted) ?? [];
  expect(deleted.map(({ text }) => text)).toEqual(["", "", ""]);
});

test("[E-2] a page that was on its way over a gap is gone through as well", () => {
  const scene = createScene();
  const { server, wire } = scene;
  fill(scene, 300);
  const visit = scene.enter(ann);
  visit.chat.open(lobby);
  wire.flush();
  const { env } = visit.device;
  const { fetch } = env;
  const read = seqOf(scene, "m100");
  env.fetch = (request, done) => {
    env.fetch = fetch;
    return fetch(request, (page) => env.setTimer(8_000, () => done(page)));
  };
  visit.chat.loadAround(lobby, read).catch(() => undefined);
  wire.flush();
  visit.device.cut(1001);
  server.deleteMessage(bob, lobby, read);
  fill(scene, 400);
  wire.advance(20_000);
  const rows = visit.room().timeline.older.flatMap(({ messages }) => messages);
  expect(rows.find(({ seq }) => seq === read)).toMatchObject({ text: "" });
});

test("[E-2] where that cannot be found out now, it is with the next connection, and whoever goes elsewhere keeps no such row", () => {
  const scene = createScene();
  const { server, wire } = scene;
  fill(scene, 20);
  const visit = scene.enter(ann);
  visit.chat.open(lobby);
  wire.flush();
  visit.device.isOnline = false;
  visit.device.cut(1001);
  server.deleteMessage(bob, lobby, seqOf(scene, "m5"));
  fill(scene, 400);
  const { answer } = server;
  server.answer = (request, person) =>
    request.url.includes("/messages")
      ? { status: 503, text: "" }
      : answer(request, person);
  visit.device.isOnline = true;
  visit.device.wake();
  wire.advance(5_000);
  const oldest = () => visit.room().timeline.older[0]?.messages ?? [];
  expect(oldest().filter((one) => one.deleted)).toEqual([]);
  server.answer = answer;
  visit.device.cut(1001);
  wire.advance(20_000);
  expect(oldest().filter((one) => one.deleted)).toHaveLength(1);

  visit.device.isOnline = false;
  visit.device.cut(1001);
  fill(scene, 400);
  server.answer = () => ({ status: 503, text: "" });
  visit.device.isOnline = true;
  visit.device.wake();
  wire.advance(5_000);
  expect(visit.room().timeline.older).not.toEqual([]);
  visit.chat.open("r_Elsewhere00");
  expect(visit.room().timeline.older).toEqual([]);
});
