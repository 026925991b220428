import { afterAll, afterEach, beforeAll, expect, test } from "bun:test";
import { enter, expectServing, type Present } from "../testing/enter.ts";
import { generous } from "../testing/generous.ts";
import {
  startTestServer,
  type TestServer,
} from "../testing/start-test-server.ts";
import type { TestGuest } from "../testing/test-guest.ts";
import { TestSocket } from "../testing/test-socket.ts";

// Who has left is gone: at once, from every socket of that session.

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer(generous);
});
afterEach(() => expectServing(server));
afterAll(() => server[Symbol.asyncDispose]());

function leave({ cookie }: TestGuest): Promise<Response> {
  return fetch(`${server.url}/api/leave`, {
    method: "POST",
    headers: { "content-type": "application/json", cookie },
    body: "{}",
  });
}

test("[A-2] [P21] leaving closes all sockets of the session with 4003 within a second", async () => {
  const ann = await enter(server, "Ann");
  const { guest } = ann;
  const others: Present[] = [
    await enter(server, "", { guest }),
    await enter(server, "", { guest, cursors: {} }),
  ];
  const bob = await enter(server, "Bob");
  const startedAt = performance.now();
  expect((await leave(guest)).status).toBe(200);
  for (const { socket } of [ann, ...others]) {
    expect((await socket.closed).code).toBe(4003);
  }
  expect(performance.now() - startedAt).toBeLessThan(1_000);

  // A guest has no way back, so they are not in the lobby either.
  const left = await bob.socket.next(({ type }) => type === "member.left");
  expect(left).toMatchObject({ person: ann.id, stream: bob.lobby });
  expect(await bob.say("still here")).toMatchObject({ type: "ok" });
  await bob.leave();
});

test("[A-2] a socket that has not said hello is closed with its session as well", async () => {
  const ann = await enter(server, "Ann");
  const { cookie } = ann.guest;
  const protocols = ["parley.v1"];
  const silent = await TestSocket.open(server, { cookie, protocols });
  // Its session is known by now: what it says is not refused for that.
  silent.send({ type: "ping" });
  await silent.next(({ type }) => type === "pong");
  await leave(ann.guest);
  expect((await silent.closed).code).toBe(4003);
});

test("[A-2] after it nothing opens, and what was on its way is not done", async () => {
  const ann = await enter(server, "Ann");
  const bob = await enter(server, "Bob");
  await leave(ann.guest);
  await ann.socket.closed;
  ann.socket.send({
    type: "message.post",
    id: 99,
    stream: ann.lobby,
    cid: "01926e4a-7c3b-7d2e-9f10-5a6b7c8d9e0f",
    text: "after the end",
  });
  const protocols = ["parley.v1"];
  const { cookie } = ann.guest;
  const again = await TestSocket.open(server, { cookie, protocols });
  expect((await again.closed).code).toBe(4001);
  await Promise.all([bob.say("last"), bob.hears("last")]);
  const texts = bob.socket.received.map(({ text }) => text);
  expect(texts).not.toContain("after the end");
  await bob.leave();
});

test("[A-2] joining again in the same browser ends who was there before", async () => {
  const ann = await enter(server, "Ann");
  const response = await fetch(`${server.url}/api/join`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      cookie: ann.guest.cookie,
    },
    body: JSON.stringify({ email: "guest@example.org", name: "Eve" }),
  });
  expect(response.status).toBe(200);
  expect((await ann.socket.closed).code).toBe(4003);
});
