import { expect, test } from "bun:test";
import { limits } from "@parley/protocol";
import { prefixOf } from "./person-storage.ts";
import {
  ann,
  bob,
  createScene,
  design,
  eve,
  lobby,
  type Visit,
} from "./testing/scene.ts";
import type { Browser } from "./testing/wire.ts";

// What is known is there again before the first connection.

const prefix = prefixOf({ url: "https://chat.example", person: ann });

/** What the screen draws, without what only a connection can tell. */
function drawn({ chat }: Visit) {
  const { rooms, people } = chat.state;
  return {
    people: [...people.values()],
    rooms: rooms.map(({ timeline, ...room }) => ({
      ...room,
      typing: [],
      // A page that begins asks who is there.
      membersAsOf: room.head,
      messages: timeline.messages,
      from: timeline.from,
      to: timeline.to,
    })),
  };
}

function records({ storage }: Browser): Map<string, unknown> {
  let found = new Map<string, unknown>();
  storage.contents.load("", (all) => (found = new Map(all)));
  return found;
}

test("[V-4] a reload shows rooms, rows, names and counts before there is a connection, then goes on from there", () => {
  const { server, wire, enter } = createScene();
  server.addRoom(design, "Design", [ann, bob]);
  const browser = wire.browser();
  const before = enter(ann, { browser });
  before.chat.open(lobby);
  wire.flush();
  for (let n = 0; n < 70; n += 1) server.post(bob, lobby, `m${n}`);
  for (let n = 0; n < 3; n += 1) server.post(bob, design, `d${n}`);
  wire.advance(2_000);
  const shown = drawn(before);
  before.device.crash();
  server.post(eve, lobby, "while away");

  const after = enter(ann, { browser, isOnline: false });
  expect(after.chat.state.connection.status).toBe("waiting");
  expect(after.room(design)).toMatchObject({ name: "Design", unread: 3 });
  expect(after.texts()).toHaveLength(50);
  expect(after.texts().at(-1)).toBe("m69");
  const cut = shown.rooms.map((room) => {
    const messages = room.messages.slice(-50);
    const from =
      room.messages.length > 50 ? (messages[0]?.seq ?? 0) : room.from;
    return { ...room, messages, from };
  });
  expect(drawn(after)).toEqual({ ...shown, rooms: cut });

  after.device.isOnline = true;
  after.device.wake();
  wire.flush();
  expect(after.device.asked).not.toContain("/api/rooms");
  expect(after.texts().slice(-2)).toEqual(["m69", "while away"]);
  expect(after.room().unread).toBe(71);
});

test("typing and the connection are not kept", () => {
  const { server, wire, enter } = createScene();
  const browser = wire.browser();
  const before = enter(ann, { browser });
  server.say({ type: "typing", stream: lobby, by: [bob] });
  wire.advance(1_500);
  expect(before.room().typing).toEqual([bob]);
  before.device.crash();
  const after = enter(ann, { browser, isOnline: false });
  expect(after.room().typing).toEqual([]);
});

test("a busy room is saved at most once a second, and at once when the page is hidden", () => {
  const { server, wire, enter } = createScene();
  const browser = wire.browser();
  const { device } = enter(ann, { browser });
  wire.advance(5_000);
  const first = browser.storage.batches.length;
  for (let n = 0; n < 100; n += 1) {
    server.post(bob, lobby, `m${n}`);
    wire.advance(100);
  }
  const saves = browser.storage.batches.length - first;
  expect(saves).toBeGreaterThanOrEqual(9);
  expect(saves).toBeLessThanOrEqual(11);
  server.post(bob, lobby, "last");
  wire.flush();
  device.hide();
  wire.flush();
  expect(JSON.stringify([...records(browser)])).toContain('"last"');
  const settled = browser.storage.batches.length;
  wire.advance(60_000);
  expect(browser.storage.batches).toHaveLength(settled);
});

test("only what has changed is written, and only by the tab that leads", () => {
  const { server, wire, enter } = createScene();
  server.addRoom(design, "Design", [ann, bob]);
  const browser = wire.browser();
  const leader = enter(ann, { browser });
  enter(ann, { browser });
  server.post(bob, lobby, "his name is known now");
  wire.advance(3_000);
  browser.storage.batches = [];
  server.post(bob, design, "here");
  wire.advance(3_000);
  const written = browser.storage.batches.map(({ puts }) => [
    ...(puts?.keys() ?? []),
  ]);
  const own = `${prefix}${String(records(browser).get(`${prefix}life`))} `;
  expect(written).toEqual([
    [`${own}snapshot room ${design}`, `${own}snapshot head`],
  ]);
  leader.chat.close();
  server.post(bob, design, "and now from the other one");
  wire.advance(3_000);
  expect(JSON.stringify([...records(browser)])).toContain("the other one");
});

test("nothing is saved while the list of rooms is older than the inbox", () => {
  const { server, wire, enter } = createScene();
  const browser = wire.browser();
  const visit = enter(ann, { browser });
  wire.advance(2_000);
  visit.device.cut();
  server.addRoom(design, "Design", [ann, bob]);
  for (let turn = 0; turn < 160; turn += 1) {
    server.leave(ann, design);
    server.join(ann, design);
  }
  // The socket comes back and tells of the inbox; HTTP answers nothing.
  const { answer } = server;
  server.answer = () => ({ status: 0, text: "" });
  wire.advance(5_000);
  expect(visit.chat.state.connection.status).toBe("live");
  visit.device.crash();
  server.answer = answer;
  const after = enter(ann, { browser });
  wire.advance(2_000);
  expect(after.chat.state.rooms.map(({ name }) => name)).toEqual([
    "Lobby",
    "Design",
  ]);
});

test("[S-1] another epoch starts fresh, and what is not sent stays", () => {
  const { server, wire, enter } = createScene();
  const browser = wire.browser();
  const before = enter(ann, { browser });
  before.chat.open(lobby);
  server.post(bob, lobby, "of the old log");
  wire.advance(2_000);
  before.device.isOnline = false;
  before.device.cut(1001);
  before.chat.post(lobby, "not sent yet");
  wire.advance(2_000);
  before.device.crash();
  server.epoch = "e2";
  server.messages(lobby).forEach((event) => (event.text = "restored"));
  const after = enter(ann, { browser });
  after.chat.open(lobby);
  expect(after.pending()).toEqual(["not sent yet"]);
  wire.advance(5_000);
  expect(after.texts()).toEqual(["restored", "not sent yet"]);
  wire.advance(2_000);
  after.device.crash();
  const third = enter(ann, { browser, isOnline: false });
  expect(third.texts()).toEqual(["restored", "not sent yet"]);
});

test("[U-2] a mark that the server has not heard of is told after the reload", () => {
  const { server, wire, enter } = createScene();
  const browser = wire.browser();
  const before = enter(ann, { browser });
  server.post(bob, lobby, "unread");
  wire.advance(2_000);
  before.device.isOnline = false;
  before.device.cut(1001);
  before.chat.markRead(lobby, 5);
  wire.advance(2_000);
  before.device.crash();
  const after = enter(ann, { browser, isOnline: false });
  expect(after.room()).toMatchObject({ read: 5 });
  expect(server.read(ann, lobby)).toBeLessThan(5);
  after.device.isOnline = true;
  after.device.wake();
  wire.advance(1_000);
  expect(server.read(ann, lobby)).toBe(5);
});

test("a message that is stored takes the place of its unsent row also when both were kept", () => {
  const { server, wire, enter } = createScene();
  const browser = wire.browser();
  const before = enter(ann, { browser });
  before.chat.open(lobby);
  wire.advance(2_000);
  before.device.isReading = false;
  const cid = before.chat.post(lobby, "both");
  wire.flush();
  // Kept as unsent, and then the device is full.
  browser.storage.state = "full";
  before.device.isReading = true;
  wire.advance(2_000);
  browser.storage.state = "fine";
  before.device.crash();
  const after = enter(ann, { browser });
  wire.advance(1_000);
  expect(after.texts()).toEqual(["both"]);
  expect(after.pending()).toEqual([]);
  expect(server.messages(lobby)).toHaveLength(1);
  expect(after.room().timeline.messages[0]?.cid).toBe(cid);
});

test("long texts are kept as far as they are worth waiting for", () => {
  const { server, wire, enter } = createScene();
  const browser = wire.browser();
  const before = enter(ann, { browser });
  before.chat.open(lobby);
  const text = "x".repeat(limits.textCodePoints);
  for (let n = 0; n < 50; n += 1) server.post(bob, lobby, text);
  wire.advance(2_000);
  before.device.crash();
  expect(JSON.stringify([...records(browser)]).length).toBeLessThan(80_000);
  const after = enter(ann, { browser, isOnline: false });
  expect(after.texts()).toHaveLength(6);
  expect(after.room().timeline.from).toBe(49);
});

test("a device with nothing on it draws nothing, and asks", () => {
  const { wire, enter } = createScene();
  const visit = enter(ann, { browser: wire.browser() });
  expect(visit.device.asked[0]).toBe("/api/rooms");
  expect(visit.chat.state.connection.status).toBe("live");
});
