import { expect, test } from "bun:test";
import { ann, bob, createScene, design, eve, lobby } from "./testing/scene.ts";

test("[P8] a device that knows nothing asks for the rooms and follows them from their heads", () => {
  const { server, enter } = createScene();
  server.post(bob, lobby, "before");
  const { chat, room, written } = enter(ann);
  expect(chat.state.connection.status).toBe("live");
  expect(written("hello")[0]).toMatchObject({
    id: 1,
    epoch: "e1",
    features: ["handshake"],
    cursors: { [lobby]: 5, inbox: 1 },
  });
  expect(room()).toMatchObject({ name: "Lobby", head: 5, unread: 1 });
});

test("a message goes to the server, comes back, and is there once", () => {
  const { wire, enter } = createScene();
  const one = enter(ann);
  const other = enter(bob);
  one.chat.open(lobby);
  other.chat.open(lobby);
  wire.flush();
  const cid = one.chat.post(lobby, "hello 你好");
  expect(one.pending()).toEqual(["hello 你好"]);
  wire.flush();
  expect(one.texts()).toEqual(["hello 你好"]);
  expect(one.pending()).toEqual([]);
  expect(one.room().timeline.messages[0]?.cid).toBe(cid);
  expect(other.texts()).toEqual(["hello 你好"]);
  expect(other.room().unread).toBe(1);
  expect(one.room().unread).toBe(0);
});

test("a text that may not be sent is refused at once and leaves no row", () => {
  const { chat, pending } = createScene().enter(ann);
  expect(() => chat.post(lobby, "  ")).toThrow("empty");
  expect(pending()).toEqual([]);
});

test("a screen is told once per turn, and what has not changed stays the same object", () => {
  const { server, wire, enter } = createScene();
  server.addRoom(design, "Design", [ann, bob]);
  const { chat, room } = enter(ann);
  server.post(bob, lobby, "so that his name is known");
  wire.flush();
  const before = room(design);
  let calls = 0;
  chat.subscribe(() => (calls += 1));
  server.say([6, 7, 8].map((seq) => posted(seq, `m${seq}`)));
  wire.flush();
  expect(room().head).toBe(8);
  expect(calls).toBe(1);
  expect(room(design)).toBe(before);
});

function posted(seq: number, text: string) {
  const cid = `c${seq}`;
  return {
    type: "message.posted",
    stream: lobby,
    seq,
    at: 1,
    by: bob,
    cid,
    text,
  };
}

test("a room that is created or joined appears and is followed; one that is left goes", async () => {
  const { server, wire, enter } = createScene();
  const one = enter(ann);
  const created = one.chat.createRoom({ name: "Design" });
  wire.flush();
  const { stream } = await created;
  expect(one.room(stream).name).toBe("Design");
  server.join(bob, stream);
  server.post(bob, stream, "here too");
  wire.flush();
  one.chat.open(stream);
  wire.flush();
  expect(one.texts(stream)).toEqual(["here too"]);
  const left = one.chat.leaveRoom(stream);
  wire.flush();
  await left;
  expect(one.chat.state.rooms.map((room) => room.stream)).toEqual([lobby]);
  expect(one.written("unfollow")).toHaveLength(1);
});

test("[O-1] who left and joined a room five times while away asks for it once, from where they are now", () => {
  const { server, wire, enter } = createScene();
  server.addRoom(design, "Design", [ann, bob]);
  const one = enter(ann);
  one.device.isOnline = false;
  one.device.cut();
  wire.flush();
  for (let n = 0; n < 5; n += 1) {
    server.leave(ann, design);
    server.post(bob, design, `not for Ann ${n}`);
    server.join(ann, design);
  }
  one.device.isOnline = true;
  one.device.wake();
  wire.advance(1_000);
  expect(one.written("follow")).toHaveLength(1);
  server.post(bob, design, "for all");
  wire.flush();
  one.chat.open(design);
  wire.advance(1_000);
  expect(one.texts(design).at(-1)).toBe("for all");
});

test("[A-1] a room that one was removed from while away is gone after the reconnect", () => {
  const { server, wire, enter } = createScene();
  server.addRoom(design, "Design", [ann, bob]);
  const { chat, device, room } = enter(ann);
  expect(room(design).name).toBe("Design");
  device.cut();
  server.leave(ann, design);
  wire.advance(2_000);
  expect(chat.state.connection.status).toBe("live");
  expect(chat.state.rooms).toHaveLength(1);
});

test("a room that one was added to while away is there after the reconnect", () => {
  const { server, wire, enter } = createScene();
  const { device, room } = enter(ann);
  device.cut();
  server.addRoom(design, "Design", [ann, bob]);
  server.post(bob, design, "welcome");
  wire.advance(2_000);
  expect(room(design)).toMatchObject({ head: 4, unread: 1 });
});

test("an inbox that cannot be continued makes the room list be asked for again", () => {
  const { server, wire, enter } = createScene();
  const { device, room, chat } = enter(ann);
  device.cut();
  server.addRoom(design, "Design", [ann, bob]);
  for (let turn = 0; turn < 160; turn += 1) {
    server.leave(ann, design);
    server.join(ann, design);
  }
  server.post(bob, design, "still here");
  wire.advance(2_000);
  expect(chat.state.rooms.map(({ name }) => name)).toEqual(["Lobby", "Design"]);
  expect(room(design)).toMatchObject({ unread: 1 });
  server.post(bob, design, "live");
  wire.flush();
  expect(room(design).unread).toBe(2);
});

test("names that nobody told are asked for in one question", () => {
  const { server, wire, enter } = createScene();
  const { chat, device } = enter(ann);
  server.post(bob, lobby, "one");
  server.post(eve, lobby, "two");
  server.post(bob, lobby, "three");
  wire.flush();
  const asked = device.asked.filter((path) => path === "/api/people");
  expect(chat.state.people.get(bob)?.name).toBe("Bob");
  expect(chat.state.people.get(eve)?.name).toBe("Eve");
  // Frames of three turns; the second author came in the second.
  expect(asked.length).toBeLessThanOrEqual(2);
});

test("the wire's report shows the frames of both ways, cut where they are long", () => {
  const { server, wire, enter } = createScene();
  const { chat, device } = enter(ann);
  const first = chat.wire;
  expect(first.url).toBe("wss://chat.example/ws");
  expect(first.frames[0]).toMatchObject({ number: 1, direction: "out" });
  expect(first.frames[1]?.text).toContain("welcome");
  expect(chat.wire).toBe(first);
  let calls = 0;
  chat.subscribeWire(() => (calls += 1));
  server.post(bob, lobby, "x".repeat(9_000));
  wire.flush();
  expect(calls).toBeGreaterThan(0);
  expect(chat.wire.frames.at(-1)?.text.length).toBe(4_001);
  for (let n = 0; n < 500; n += 1) server.post(bob, lobby, `m${n}`);
  wire.flush();
  expect(chat.wire.frames).toHaveLength(200);
  expect(chat.wire.reconnects).toBe(0);
  device.cut();
  wire.advance(2_000);
  expect(chat.wire.reconnects).toBe(1);
});

test("a closed chat does nothing more", () => {
  const { wire, enter } = createScene();
  const { chat, device } = enter(ann);
  chat.close();
  device.wake();
  const frames = device.written.length;
  wire.advance(120_000);
  expect(device.written).toHaveLength(frames);
  expect(chat.state.connection).toEqual({
    status: "stopped",
    reason: "closed",
    code: 1000,
  });
});
