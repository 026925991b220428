import { expect, test } from "bun:test";
import { ann, bob, createScene, eve, lobby } from "./testing/scene.ts";

function signal(by: readonly string[], ttlMs = 6_000) {
  return { type: "typing", stream: lobby, by, ttlMs };
}

test("[S-4] somebody who types is shown for 6 s after the last signal", () => {
  const { server, wire, enter } = createScene();
  const { room } = enter(ann);
  server.say(signal([bob]));
  wire.advance(3_000);
  expect(room().typing).toEqual([bob]);
  server.say(signal([bob, eve]));
  wire.advance(5_999);
  expect(room().typing).toEqual([bob, eve]);
  wire.advance(1);
  expect(room().typing).toEqual([]);
});

test("a message ends its author's typing, and nobody else's", () => {
  const { server, wire, enter } = createScene();
  const { room } = enter(ann);
  server.say(signal([bob, eve]));
  server.post(bob, lobby, "here it is");
  wire.flush();
  expect(room().typing).toEqual([eve]);
  server.say(signal([bob]));
  wire.advance(5_999);
  expect(room().typing).toEqual([eve, bob]);
});

test("one's own typing is not shown", () => {
  const { server, wire, enter } = createScene();
  const { room } = enter(ann);
  server.say(signal([ann]));
  wire.flush();
  expect(room().typing).toEqual([]);
});

test("the room is told at most every 3 s, and not at all while offline", () => {
  const { wire, enter } = createScene();
  const { chat, device, written } = enter(ann);
  for (let second = 0; second < 7; second += 1) {
    chat.typing(lobby);
    wire.advance(1_000);
  }
  const told = { type: "typing", stream: lobby };
  expect(written("typing")).toEqual([told, told, told]);
  device.cut();
  wire.advance(100);
  chat.typing(lobby);
  expect(written("typing")).toHaveLength(3);
});
