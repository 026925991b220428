import { expect, test } from "bun:test";
import { failureOf } from "./testing/failure-of.ts";
import { ann, bob, createScene, lobby } from "./testing/scene.ts";

test("a cut connection comes back by itself, after 0.5 to 1 s the first time", () => {
  for (let seed = 1; seed <= 20; seed += 1) {
    const { wire, enter } = createScene(seed);
    const { chat, device } = enter(ann);
    device.cut();
    wire.flush();
    const waiting = chat.state.connection;
    if (waiting.status !== "waiting") throw new Error(waiting.status);
    const waitMs = waiting.retryAt - wire.now();
    expect(waitMs).toBeGreaterThanOrEqual(500);
    expect(waitMs).toBeLessThanOrEqual(1_000);
    wire.advance(waitMs - 1);
    expect(chat.state.connection.status).toBe("waiting");
    wire.advance(1);
    expect(chat.state.connection).toEqual({
      status: "live",
      since: wire.now(),
    });
  }
});

test("waits grow to 12 s while nobody answers, and start again after ready", () => {
  const { wire, enter } = createScene();
  const { chat, device } = enter(ann);
  device.isOnline = false;
  device.cut();
  const waits: number[] = [];
  for (let attempt = 0; attempt < 40; attempt += 1) {
    wire.flush();
    const { connection } = chat.state;
    if (connection.status !== "waiting") throw new Error(connection.status);
    expect(connection.attempt).toBe(attempt);
    waits.push(connection.retryAt - wire.now());
    wire.advance(connection.retryAt - wire.now());
  }
  expect(Math.min(...waits)).toBeGreaterThanOrEqual(500);
  expect(Math.max(...waits)).toBeLessThanOrEqual(12_000);
  expect(Math.max(...waits)).toBeGreaterThan(6_000);
  device.isOnline = true;
  wire.advance(20_000);
  expect(chat.state.connection.status).toBe("live");
  device.cut();
  wire.advance(1_000);
  expect(chat.state.connection.status).toBe("live");
});

test("[P9] it comes back at once when the network does, or when asked to", () => {
  const { wire, enter } = createScene();
  for (const how of ["wake", "ask"] as const) {
    const { chat, device } = enter(ann);
    device.isOnline = false;
    device.cut();
    wire.advance(300_000);
    device.isOnline = true;
    if (how === "wake") device.wake();
    else chat.reconnectNow();
    wire.flush();
    expect(chat.state.connection.status).toBe("live");
  }
});

test("a server that restarts says when to come back, and is obeyed", () => {
  const { server, wire, enter } = createScene();
  const { chat } = enter(ann);
  server.say({ type: "bye", code: 4200, reason: "restart", afterMs: 3_200 });
  server.close(4200);
  wire.flush();
  expect(chat.state.connection).toMatchObject({
    status: "waiting",
    retryAt: wire.now() + 3_200,
  });
  wire.advance(3_200);
  expect(chat.state.connection.status).toBe("live");
});

test("41xx backs off for at least 5 s; the tab being shown does not shorten it, a person does", () => {
  for (const code of [4100, 4108, 4129, 4177, 1009]) {
    const { server, wire, enter } = createScene();
    const { chat, device } = enter(ann);
    server.close(code);
    wire.flush();
    device.wake();
    wire.advance(4_900);
    expect(chat.state.connection.status).toBe("waiting");
    chat.reconnectNow();
    wire.flush();
    expect(chat.state.connection.status).toBe("live");
  }
});

test("40xx stops, with the reason that a screen can act on", () => {
  const reasons = {
    4006: "client-too-old",
    4009: "misuse",
    4077: "misuse",
  };
  for (const [code, reason] of Object.entries(reasons)) {
    const { server, wire, enter } = createScene();
    const { chat } = enter(ann);
    server.close(Number(code));
    wire.advance(120_000);
    expect(chat.state.connection).toEqual({
      status: "stopped",
      reason: reason as "misuse",
      code: Number(code),
    });
  }
});

for (const code of [4001, 4003]) {
  test(`after ${code} it asks who it is: signed out stops, a late hello or another session of the same person goes on`, () => {
    for (const isSignedIn of [true, false]) {
      const { server, wire, enter } = createScene();
      const { chat, device } = enter(ann);
      server.isSignedIn = isSignedIn;
      server.close(code);
      wire.advance(1_000);
      expect(device.asked).toContain("/api/me");
      expect(chat.state.connection).toMatchObject(
        isSignedIn
          ? { status: "live" }
          : { status: "stopped", reason: "signed-out", code: 4001 },
      );
    }
  });
}

test("a session that ended before the page was opened is noticed", () => {
  const { server, enter } = createScene();
  server.isSignedIn = false;
  expect(enter(ann).chat.state.connection).toEqual({
    status: "stopped",
    reason: "signed-out",
    code: 4001,
  });
});

test("a socket that now belongs to somebody else is not used", () => {
  const { server, wire, enter } = createScene();
  const { chat, device, room } = enter(ann);
  device.cut();
  server.accept = () => ({
    received: () => undefined,
    closed: () => undefined,
  });
  wire.advance(1_000);
  const welcome = { type: "welcome", id: 1, epoch: "e1", me: bob };
  expect(chat.state.connection.status).toBe("connecting");
  const { accept } = createScene().server;
  server.accept = (end, person) => {
    end.send(JSON.stringify(welcome));
    return accept(end, person);
  };
  wire.advance(60_000);
  expect(chat.state.connection).toMatchObject({ reason: "signed-out" });
  expect(room().stream).toBe(lobby);
});

test("[S-1] another epoch drops every cursor and row, and keeps what is not sent", () => {
  for (const isClosed of [true, false]) {
    const { server, wire, enter } = createScene();
    server.post(bob, lobby, "of the old log");
    const { chat, device, texts, written } = enter(ann);
    chat.open(lobby);
    wire.flush();
    expect(texts()).toEqual(["of the old log"]);
    server.epoch = "e2";
    server.messages(lobby).forEach((event) => (event.text = "restored"));
    if (isClosed) server.close(4210);
    else device.cut();
    chat.post(lobby, "not sent yet");
    wire.flush();
    expect(chat.state.connection.status).toBe("waiting");
    wire.advance(3_000);
    expect(chat.state.connection.status).toBe("live");
    expect(texts()).toEqual(["restored", "not sent yet"]);
    expect(written("hello").at(-1)).toMatchObject({ epoch: "e2" });
  }
});

test("a browser that says it is offline is believed at once, and so is its being online again", () => {
  const { wire, enter } = createScene();
  const { chat, device } = enter(ann);
  device.unplug();
  wire.flush();
  expect(chat.state.connection.status).toBe("waiting");
  device.wake();
  wire.flush();
  expect(chat.state.connection.status).toBe("live");
});

test("what is not JSON ends the connection, and is not asked for again at once", () => {
  const { server, wire, enter } = createScene();
  const { chat } = enter(ann);
  server.say('{"type":"message.posted","stre');
  wire.flush();
  expect(chat.state.connection.status).toBe("waiting");
  wire.advance(4_900);
  expect(chat.state.connection.status).toBe("waiting");
});

test("what is asked while the connection goes is rejected with a code for it", async () => {
  const { wire, enter } = createScene();
  const { chat, device } = enter(ann);
  const created = chat.createRoom({ name: "Design" });
  device.cut();
  wire.flush();
  expect(await failureOf(created)).toMatchObject({ code: "no_connection" });
  expect(await failureOf(chat.joinRoom(lobby))).toMatchObject({
    code: "no_connection",
  });
});
