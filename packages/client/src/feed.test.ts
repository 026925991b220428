import { expect, test } from "bun:test";
import { ann, bob, createScene, lobby } from "./testing/scene.ts";

/** Ann is in the open lobby, and what the server says may miss her. */
function openLobby() {
  const scene = createScene();
  const visit = scene.enter(ann);
  visit.chat.open(lobby);
  scene.wire.flush();
  return { ...scene, ...visit };
}

test("[V-1] an event that comes twice is applied once", () => {
  const { server, wire, room, texts } = openLobby();
  const event = server.append(lobby, {
    type: "message.posted",
    by: bob,
    cid: "c1",
    text: "once",
  });
  server.say([event, event] as never);
  server.say(event);
  wire.flush();
  expect(texts()).toEqual(["once"]);
  expect(room().unread).toBe(1);
});

test("[V-2] a hole is filled before what came after it is shown", () => {
  const { server, wire, device, texts, written } = openLobby();
  server.misses = ({ seq }) => seq === 6 || seq === 7;
  server.post(bob, lobby, "5");
  server.post(bob, lobby, "6");
  server.post(bob, lobby, "7");
  device.isReading = false;
  server.post(bob, lobby, "8");
  server.post(bob, lobby, "9");
  expect(texts()).toEqual([]);
  device.isReading = true;
  wire.flush();
  expect(texts()).toEqual(["5", "6", "7", "8", "9"]);
  expect(written("history")).toEqual([
    {
      type: "history",
      id: expect.any(Number) as number,
      stream: lobby,
      after: 5,
      upTo: 7,
    },
  ]);
});

test("[P8] a hole of more than 100 is not asked for piece by piece: the stream is followed again", () => {
  const { server, wire, texts, written, room } = openLobby();
  server.misses = ({ seq }) => seq > 5 && seq < 200;
  for (let n = 5; n <= 201; n += 1) server.post(bob, lobby, String(n));
  wire.flush();
  expect(texts()).toHaveLength(197);
  expect(texts().at(-1)).toBe("201");
  expect(room().head).toBe(201);
  expect(written("history")).toEqual([]);
  expect(written("follow")).toHaveLength(1);
});

test("a hole that history cannot fill ends in following again", () => {
  const { server, wire, texts, written } = openLobby();
  server.refuse = ({ command }) =>
    command["type"] === "history" ? { code: "invalid_seq" } : null;
  server.misses = ({ seq }) => seq === 5;
  server.post(bob, lobby, "5");
  server.post(bob, lobby, "6");
  wire.flush();
  expect(texts()).toEqual(["5", "6"]);
  expect(written("follow")).toHaveLength(1);
});

test("a server that calls a stream level while it is not is left, slowly", () => {
  const { server, wire, chat } = openLobby();
  server.refuse = ({ command }) =>
    command["type"] === "history" ? { code: "invalid_seq" } : null;
  server.say({ type: "live", id: 1, heads: { [lobby]: 40 } });
  wire.flush();
  expect(chat.state.connection.status).toBe("waiting");
  wire.advance(4_900);
  expect(chat.state.connection.status).toBe("waiting");
  wire.advance(10_000);
  expect(chat.state.connection.status).toBe("live");
});

test("[I6] an event of a type that is not known still moves the cursor", () => {
  const { server, wire, room, texts, written } = openLobby();
  server.append(lobby, { type: "reaction.added", by: bob, emoji: "👋" });
  server.post(bob, lobby, "after it");
  wire.flush();
  expect(room().head).toBe(6);
  expect(texts()).toEqual(["after it"]);
  expect(written("history")).toEqual([]);
});

test("events of a room that one is not in are left alone", () => {
  const { server, wire, chat } = openLobby();
  const before = chat.state.rooms;
  server.say({
    type: "message.posted",
    stream: "r_Elsewhere0",
    seq: 1,
    at: 1,
    by: bob,
    text: "?",
  });
  wire.flush();
  expect(chat.state.rooms).toBe(before);
});
