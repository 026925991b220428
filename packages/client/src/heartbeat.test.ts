import { expect, test } from "bun:test";
import { ann, createScene } from "./testing/scene.ts";

test("a ping is answered with a pong", () => {
  const { server, wire, enter } = createScene();
  const { written } = enter(ann);
  server.say({ type: "ping" });
  wire.flush();
  expect(written("pong")).toHaveLength(1);
});

test("35 s of silence are death; any frame puts it off", () => {
  const { server, wire, enter } = createScene();
  const { chat, device } = enter(ann);
  wire.advance(20_000);
  server.say({ type: "ping" });
  wire.flush();
  // From here on the line is open and dead: nothing comes any more.
  device.isReading = false;
  wire.advance(34_000);
  expect(chat.state.connection.status).toBe("live");
  wire.advance(1_000);
  expect(chat.state.connection.status).toBe("waiting");
  device.isReading = true;
  wire.advance(1_000);
  expect(chat.state.connection.status).toBe("live");
});

test("a machine that wakes from sleep does not wait for the silence to be noticed", () => {
  const { wire, enter } = createScene();
  const { chat, device } = enter(ann);
  // Asleep, timers stand still and the clock goes on.
  const { now } = device.env;
  device.env.now = () => now() + 60_000;
  device.wake();
  wire.flush();
  expect(chat.state.connection.status).toBe("live");
  expect(chat.wire.reconnects).toBe(1);
});

test("after a change of network a line that does not answer within 10 s is dead", () => {
  const { wire, enter } = createScene();
  const { chat, device } = enter(ann);
  wire.advance(1_000);
  device.isReading = false;
  device.wake();
  wire.advance(9_900);
  expect(chat.state.connection.status).toBe("live");
  wire.advance(100);
  expect(chat.state.connection.status).toBe("waiting");
});

test("a line that answers lives on after a wake", () => {
  const { wire, enter } = createScene();
  const { chat, device } = enter(ann);
  wire.advance(1_000);
  device.wake();
  wire.advance(60_000);
  expect(chat.state.connection.status).toBe("live");
  expect(chat.wire.reconnects).toBe(0);
});

test("the round trip is measured after ready and every 25 s", () => {
  const { wire, enter } = createScene();
  const { chat, device, written } = enter(ann);
  expect(written("ping")).toHaveLength(1);
  expect(chat.wire.roundTripMs).toBe(0);
  device.isReading = false;
  wire.advance(25_000);
  expect(written("ping")).toHaveLength(2);
  wire.advance(40);
  device.isReading = true;
  wire.flush();
  expect(chat.wire.roundTripMs).toBe(40);
  wire.advance(25_000);
  expect(written("ping")).toHaveLength(3);
});

test("a socket that opens and is never welcomed is given up after 15 s", () => {
  const { server, wire, enter } = createScene();
  const { chat, device } = enter(ann);
  const { accept } = server;
  server.accept = () => ({
    received: () => undefined,
    closed: () => undefined,
  });
  device.cut();
  wire.advance(1_000);
  expect(chat.state.connection.status).toBe("connecting");
  server.accept = accept;
  wire.advance(15_000);
  wire.advance(2_000);
  expect(chat.state.connection.status).toBe("live");
});
