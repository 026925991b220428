import { expect, test } from "bun:test";
import { holesOf, runsOf } from "./runs.ts";
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

/** Ann has the lobby on the screen, was away, and missed too much. */
function missTooMuch() {
  const scene = createScene();
  const { server, wire, enter } = scene;
  for (let n = 1; n <= 60; n += 1) server.post(bob, lobby, `${n}`);
  const visit = enter(ann);
  visit.chat.open(lobby);
  wire.flush();
  visit.device.isOnline = false;
  visit.device.cut(1001);
  for (let n = 61; n <= 460; n += 1) server.post(bob, lobby, `${n}`);
  visit.device.isOnline = true;
  visit.device.wake();
  wire.advance(5_000);
  const holes = () => holesOf(visit.room().timeline);
  const shown = () =>
    runsOf(visit.room().timeline).map(({ messages }) => [
      Number(messages[0]?.text),
      Number(messages.at(-1)?.text),
    ]);
  return { ...scene, ...visit, holes, shown };
}

test("[V-3] after too much was missed the rows stay, and the hole is filled from either end until it is gone", async () => {
  const { chat, wire, room, texts, holes, shown } = missTooMuch();
  expect(room().unread).toBe(100);
  expect(shown()).toEqual([
    [11, 60],
    [411, 460],
  ]);
  expect(holes()).toEqual([{ after: 64, upTo: 414 }]);
  const ends = ["after", "upTo", "upTo", "after"] as const;
  for (const end of ends) {
    const [hole] = holes();
    if (hole === undefined) break;
    const filled = chat.fillHole(lobby, hole, end);
    wire.flush();
    await filled;
  }
  expect(shown()).toEqual([
    [11, 160],
    [311, 460],
  ]);
  for (let page = 0; page < 3; page += 1) {
    const [hole] = holes();
    if (hole) void chat.fillHole(lobby, hole, "upTo");
    wire.flush();
  }
  expect(holes()).toEqual([]);
  expect(texts()).toEqual(
    Array.from({ length: 450 }, (_, n) => String(n + 11)),
  );
  expect(room().unread).toBe(100);
  const older = chat.loadOlder(lobby);
  wire.flush();
  await older;
  expect(texts()).toHaveLength(460);
});

test("a hole is filled once at a time, and not at all where it is no more", async () => {
  const { chat, wire, device, holes, shown } = missTooMuch();
  const [hole = { after: 0, upTo: 0 }] = holes();
  const asked = device.asked.length;
  const first = chat.fillHole(lobby, hole, "after");
  expect(chat.fillHole(lobby, hole, "upTo")).toBe(first);
  wire.flush();
  await first;
  expect(device.asked).toHaveLength(asked + 1);
  await chat.fillHole(lobby, hole, "after");
  expect(device.asked).toHaveLength(asked + 1);
  expect(shown()[0]).toEqual([11, 110]);
});

test("older pages go in front of the oldest run, and leave the hole as it is", async () => {
  const { chat, wire, room, holes } = missTooMuch();
  const before = holes();
  const loaded = chat.loadOlder(lobby);
  wire.flush();
  await loaded;
  expect(holes()).toEqual(before);
  expect(runsOf(room().timeline)[0]?.from).toBe(1);
});

test("a hole that cannot be filled rejects, stays, and can be tried again", async () => {
  const { chat, wire, device, server, holes } = missTooMuch();
  const [hole = { after: 0, upTo: 0 }] = holes();
  device.isOnline = false;
  const failed = chat.fillHole(lobby, hole, "after");
  wire.flush();
  expect(await failureOf(failed)).toMatchObject({ code: "no_connection" });
  device.isOnline = true;
  // A server that answers with something else is not asked for ever.
  const { answer } = server;
  server.answer = (request, person) => {
    const page = { messages: [], from: 1, to: 10, head: 10, people: [] };
    return request.url.includes("/messages")
      ? { status: 200, text: JSON.stringify(page) }
      : answer(request, person);
  };
  const useless = chat.fillHole(lobby, hole, "after");
  wire.flush();
  expect(await failureOf(useless)).toMatchObject({ code: "no_connection" });
  expect(holes()).toEqual([hole]);
  server.answer = answer;
  const filled = chat.fillHole(lobby, hole, "after");
  wire.flush();
  await filled;
  expect(holes()).toEqual([{ after: hole.after + 50, upTo: hole.upTo }]);
});

test("[V-2] a page that comes late, after the next reset or after the hole was cut away, makes no mess", async () => {
  const { chat, wire, device, server, room, holes } = missTooMuch();
  server.addRoom(design, "Design", [ann, bob]);
  wire.flush();
  const [hole = { after: 0, upTo: 0 }] = holes();
  const late = chat.fillHole(lobby, hole, "after");
  device.isReading = false;
  for (let n = 0; n < 400; n += 1) server.post(bob, lobby, `later ${n}`);
  device.cut(1001);
  device.isReading = true;
  wire.advance(1_000);
  await late;
  expect(holes().map(({ after }) => after)).toEqual([hole.after + 50, 464]);

  const [next = hole] = holes();
  const cutAway = chat.fillHole(lobby, next, "upTo");
  chat.open(design);
  for (let n = 0; n < 280; n += 1) server.post(bob, lobby, `unseen ${n}`);
  wire.advance(1_000);
  await cutAway;
  const log = server.messages(lobby);
  for (const { from, to, messages } of runsOf(room().timeline)) {
    const slice = log.filter(({ seq }) => from <= seq && seq <= to);
    expect(messages.map(({ seq }) => seq)).toEqual(slice.map(({ seq }) => seq));
  }
});

test("[U13] a message far back is loaded with the rows around it, and a hole on either side can be filled", async () => {
  const { server, wire, enter } = createScene();
  for (let n = 1; n <= 460; n += 1) server.post(bob, lobby, `${n}`);
  const { chat, device, room } = enter(ann);
  chat.open(lobby);
  wire.flush();
  const holes = () => holesOf(room().timeline);
  const newest = room().timeline.from;
  const around = chat.loadAround(lobby, 200);
  expect(chat.loadAround(lobby, 200)).toBe(around);
  wire.flush();
  await around;
  expect(runsOf(room().timeline).map(({ from, to }) => [from, to])).toEqual([
    [185, 234],
    [newest, room().head],
  ]);
  const asked = device.asked.length;
  await chat.loadAround(lobby, 200);
  expect(device.asked).toHaveLength(asked);
  void chat.loadAround(lobby, 300);
  wire.flush();
  expect(holes().map(({ after, upTo }) => [after, upTo])).toEqual([
    [234, 284],
    [334, newest - 1],
  ]);
  const [hole = { after: 0, upTo: 0 }] = holes();
  void chat.fillHole(lobby, hole, "after");
  wire.flush();
  void chat.loadAround(lobby, newest - 10);
  wire.flush();
  void chat.loadAround(lobby, 3);
  wire.flush();
  expect(runsOf(room().timeline)[0]).toMatchObject({ from: 1, to: 54 });
  device.isOnline = false;
  const failed = chat.loadAround(lobby, 100);
  wire.flush();
  expect(await failureOf(failed)).toMatchObject({ code: "no_connection" });
});
