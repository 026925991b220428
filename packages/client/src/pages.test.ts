import { expect, test } from "bun:test";
import { failureOf } from "./testing/failure-of.ts";
import { ann, bob, createScene, design, lobby } from "./testing/scene.ts";

test("a room that is opened loads its newest page, and older ones on demand down to the first", async () => {
  const { server, wire, enter } = createScene();
  for (let n = 1; n <= 120; n += 1) server.post(bob, lobby, String(n));
  const { chat, room, texts } = enter(ann);
  expect(room().timeline.status).toBe("unloaded");
  chat.open(lobby);
  expect(room().timeline.status).toBe("loading");
  wire.flush();
  expect(room().timeline).toMatchObject({
    status: "loaded",
    from: 75,
    to: 124,
  });
  const loading = chat.loadOlder(lobby);
  expect(chat.loadOlder(lobby)).toBe(loading);
  expect(room().timeline.isLoadingOlder).toBe(true);
  wire.flush();
  await loading;
  expect(room().timeline).toMatchObject({ from: 25, isLoadingOlder: false });
  void chat.loadOlder(lobby);
  wire.flush();
  expect(room().timeline.from).toBe(1);
  expect(texts()).toEqual(Array.from({ length: 120 }, (_, n) => String(n + 1)));
  const asked = chat.loadOlder(lobby);
  await asked;
});

test("[V-2] a page that was asked for before events came joins them without hole or repeat", () => {
  const { server, wire, enter } = createScene();
  for (let n = 1; n <= 60; n += 1) server.post(bob, lobby, String(n));
  const { chat, device, texts } = enter(ann);
  device.isReading = false;
  chat.open(lobby);
  // The page holds these; their events come after it.
  for (let n = 61; n <= 70; n += 1) server.post(bob, lobby, String(n));
  wire.flush();
  expect(texts().at(-1)).toBe("70");
  device.isReading = true;
  server.post(bob, lobby, "71");
  wire.flush();
  expect(texts()).toEqual(Array.from({ length: 51 }, (_, n) => String(n + 21)));
});

test("a page that cannot be had is told, and loaded when there is a connection again", async () => {
  const { server, wire, enter } = createScene();
  server.addRoom(design, "Design", [ann, bob]);
  server.post(bob, design, "hello");
  const { chat, device, room, texts } = enter(ann);
  chat.open(lobby);
  wire.flush();
  device.isOnline = false;
  device.cut();
  chat.open(design);
  wire.flush();
  expect(room(design).timeline.status).toBe("failed");
  await chat.loadOlder(design);
  device.isOnline = true;
  device.wake();
  wire.flush();
  expect(texts(design)).toEqual(["hello"]);
});

test("older rows that cannot be had reject, and can be asked for again", async () => {
  const { server, wire, enter } = createScene();
  for (let n = 1; n <= 120; n += 1) server.post(bob, lobby, String(n));
  const { chat, device, room } = enter(ann);
  chat.open(lobby);
  wire.flush();
  device.isOnline = false;
  const failed = chat.loadOlder(lobby);
  wire.flush();
  expect(await failureOf(failed)).toMatchObject({ code: "no_connection" });
  device.isOnline = true;
  const loaded = chat.loadOlder(lobby);
  wire.flush();
  await loaded;
  expect(room().timeline.from).toBe(25);
});

test("a room that is opened before it is known loads when it appears", () => {
  const { server, wire, enter } = createScene();
  const { chat, texts } = enter(ann);
  chat.open(design);
  server.addRoom(design, "Design", [bob]);
  server.post(bob, design, "before you");
  server.join(ann, design);
  wire.flush();
  expect(texts(design)).toEqual(["before you"]);
});

test("the room on the screen keeps all its rows, others are cut back", () => {
  const { server, wire, enter } = createScene();
  server.addRoom(design, "Design", [ann, bob]);
  const { chat, texts } = enter(ann);
  chat.open(lobby);
  wire.flush();
  for (let n = 0; n < 500; n += 1) {
    server.post(bob, lobby, String(n));
    server.post(bob, design, String(n));
  }
  wire.flush();
  expect(texts(lobby)).toHaveLength(500);
  expect(texts(design).length).toBeLessThanOrEqual(400);
  chat.open(design);
  expect(texts(lobby)).toHaveLength(200);
});

test("a list of rooms that is due survives the connection it was due on", () => {
  const { server, wire, enter } = createScene();
  const { chat, device } = enter(ann);
  device.cut(1001);
  server.addRoom(design, "Design", [ann, bob]);
  for (let turn = 0; turn < 160; turn += 1) {
    server.leave(ann, design);
    server.join(ann, design);
  }
  const { answer } = server;
  server.answer = (request, person) =>
    request.url.endsWith("/api/rooms")
      ? { status: 502, text: "Bad Gateway" }
      : answer(request, person);
  wire.advance(1_000);
  expect(chat.state.connection.status).toBe("live");
  expect(chat.state.rooms).toHaveLength(1);
  server.answer = answer;
  device.cut(1001);
  wire.advance(1_000);
  expect(chat.state.rooms).toHaveLength(2);
});
