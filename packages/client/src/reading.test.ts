import { expect, test } from "bun:test";
import { limits } from "@parley/protocol";
import { ann, bob, createScene, design, lobby } from "./testing/scene.ts";

test("[U-1] unread counts others' messages above the mark, not one's own", () => {
  const { server, wire, enter } = createScene();
  const { chat, room } = enter(ann);
  server.post(bob, lobby, "one");
  chat.post(lobby, "mine");
  server.post(bob, lobby, "two");
  wire.flush();
  expect(room().unread).toBe(2);
  expect(room().unread).toBe(server.unread(ann, lobby));
});

test("[U-1] the count ends at 100, however many there are, and is exact again after a mark", () => {
  const { server, wire, enter } = createScene();
  const { chat, room } = enter(ann);
  for (let n = 0; n < 450; n += 1) server.post(bob, lobby, `m${n}`);
  wire.flush();
  expect(room().unread).toBe(100);
  chat.markRead(lobby, 451);
  wire.flush();
  expect(room().unread).toBe(3);
  expect(server.unread(ann, lobby)).toBe(3);
});

test("a mark shows at once where the rows above it are here", () => {
  const { server, wire, enter } = createScene();
  for (let n = 0; n < 20; n += 1) server.post(bob, lobby, `m${n}`);
  const { chat, device, room } = enter(ann);
  chat.open(lobby);
  wire.flush();
  device.isReading = false;
  chat.markRead(lobby, 20);
  expect(room()).toMatchObject({ read: 20, unread: 4 });
  chat.markRead(lobby, 9);
  expect(room()).toMatchObject({ read: 20, unread: 4 });
});

test("[U-5] a mark moves on all devices of a person", () => {
  const { server, wire, enter } = createScene();
  const desk = enter(ann);
  const phone = enter(ann);
  server.post(bob, lobby, "one");
  server.post(bob, lobby, "two");
  wire.flush();
  desk.chat.markRead(lobby, 5);
  wire.flush();
  expect(desk.room()).toMatchObject({ read: 5, unread: 1 });
  expect(phone.room()).toMatchObject({ read: 5, unread: 1 });
});

test("[U-6] a mark whose count was taken at a higher head is not counted on twice", () => {
  const { server, wire, enter } = createScene();
  const { room } = enter(ann);
  // The inbox is faster than the room here: the count knows both messages.
  server.say({
    type: "read.marked",
    stream: "inbox",
    seq: 2,
    at: 1,
    by: ann,
    room: lobby,
    upTo: 4,
    unread: 2,
    head: 6,
  });
  wire.flush();
  expect(room()).toMatchObject({ head: 4, unread: 2 });
  server.post(bob, lobby, "5");
  server.post(bob, lobby, "6");
  wire.flush();
  expect(room().unread).toBe(2);
  server.post(bob, lobby, "7");
  wire.flush();
  expect(room().unread).toBe(3);
});

test("at most five marks per second go out, and the highest is the last", () => {
  const { server, wire, enter } = createScene();
  const { chat, written } = enter(ann);
  for (let n = 0; n < 100; n += 1) server.post(bob, lobby, `m${n}`);
  wire.flush();
  for (let n = 5; n <= 100; n += 1) {
    chat.markRead(lobby, n);
    wire.advance(10);
  }
  expect(written("read.mark").length).toBeLessThanOrEqual(5);
  wire.advance(200);
  expect(written("read.mark").at(-1)).toMatchObject({ upTo: 100 });
  expect(server.read(ann, lobby)).toBe(100);
});

test("[U-2] a mark beyond the head is not asked for", () => {
  const { server, wire, enter } = createScene();
  const { chat, written } = enter(ann);
  server.post(bob, lobby, "one");
  wire.flush();
  chat.markRead(lobby, 99);
  wire.flush();
  expect(written("read.mark")).toMatchObject([{ upTo: 5 }]);
});

test("a mark made while offline stands, also over a fresh list, and reaches the server later", () => {
  for (const isFresh of [false, true]) {
    const { server, wire, enter } = createScene();
    const { chat, device, room } = enter(ann);
    server.addRoom(design, "Design", [bob]);
    server.post(bob, lobby, "one");
    wire.flush();
    device.isOnline = false;
    device.cut();
    chat.markRead(lobby, 5);
    expect(room().unread).toBe(0);
    // More of the inbox than is replayed: what was missed has to be asked for.
    for (let n = 0; isFresh && n < limits.replayEvents; n += 1) {
      server.join(ann, design);
      server.leave(ann, design);
    }
    device.isOnline = true;
    wire.advance(4_000);
    expect(chat.state.connection.status).toBe("live");
    expect(room()).toMatchObject({ read: 5, unread: 0 });
    expect(server.read(ann, lobby)).toBe(5);
  }
});

test("[L-2] whoever is told that the machine woke says at once what was read and refused a moment ago", () => {
  const { server, wire, enter } = createScene();
  const { chat, device } = enter(ann);
  server.post(bob, lobby, "one");
  server.refuse = () => ({ code: "unavailable", retryAfterMs: 60_000 });
  wire.flush();
  chat.markRead(lobby, 5);
  wire.advance(1_000);
  server.refuse = () => null;
  wire.advance(1_000);
  expect(server.read(ann, lobby)).not.toBe(5);
  device.wake();
  wire.flush();
  expect(server.read(ann, lobby)).toBe(5);
});
