import {
  afterAll,
  beforeAll,
  describe,
  expect,
  setDefaultTimeout,
  test,
} from "bun:test";
import { askHttp, expectRefusal } from "../testing/ask-http.ts";
import { cid, enter } from "../testing/enter.ts";
import type { TestServer } from "../testing/start-test-server.ts";
import { joinAs, type TestGuest } from "../testing/test-guest.ts";
import { TestSocket } from "../testing/test-socket.ts";
import { startTwoNodes, type TwoNodes } from "../testing/two-nodes.ts";

// What is done on one node takes effect on the other: real servers, a real
// PostgreSQL, and a real NATS or none.

// Two servers and a database on a busy machine; what is promised in less is measured.
setDefaultTimeout(30_000);

function leave({ url }: TestServer, { cookie }: TestGuest): Promise<Response> {
  return fetch(`${url}/api/leave`, {
    method: "POST",
    headers: { "content-type": "application/json", cookie },
    body: "{}",
  });
}

const cases = [
  { name: "with NATS between them", hasNats: true, withinMs: 1_000 },
  { name: "without NATS", hasNats: false, withinMs: 2_500 },
];

describe.each(cases)("two nodes $name", ({ hasNats, withinMs }) => {
  let nodes: TwoNodes;
  beforeAll(async () => {
    nodes = await startTwoNodes({ hasNats });
  });
  afterAll(() => nodes[Symbol.asyncDispose]());

  test(`[A-2] [P21] signing out on one closes the session's sockets on the other with 4003 within ${withinMs} ms, and opens nothing more there`, async () => {
    const { one, other } = nodes;
    const ann = await enter(other, "Ann");
    const bob = await enter(other, "Bob");
    const { guest } = ann;
    // So that the session is at hand there, by both ways in.
    expect((await askHttp(other, "/api/me", guest)).status).toBe(200);
    const silent = await TestSocket.open(other, {
      cookie: guest.cookie,
      protocols: ["parley.v1"],
    });
    silent.send({ type: "ping" });
    await silent.next(({ type }) => type === "pong");

    expect((await leave(one, guest)).status).toBe(200);
    const leftAt = performance.now();
    expect((await ann.socket.closed).code).toBe(4003);
    expectRefusal(await askHttp(other, "/api/me", guest), "unauthenticated");
    expect(performance.now() - leftAt).toBeLessThan(withinMs);

    // One that had not said hello is told so when it does.
    silent.send({ type: "hello", id: 1, cursors: {} });
    expect((await silent.closed).code).toBe(4003);
    const late = await TestSocket.open(other, {
      cookie: guest.cookie,
      protocols: ["parley.v1"],
    });
    expect((await late.closed).code).toBe(4001);
    const left = await bob.socket.next(({ type }) => type === "member.left");
    expect(left).toMatchObject({ person: ann.id });
    await bob.leave();
  });

  test(`[A-2] who has no connection there opens nothing on the other a second later`, async () => {
    const { one, other } = nodes;
    const guest = await joinAs(one, "Ann");
    expect((await askHttp(other, "/api/me", guest)).status).toBe(200);
    await leave(one, guest);
    const leftAt = performance.now();
    let { status } = await askHttp(other, "/api/me", guest);
    while (status === 200 && performance.now() - leftAt < 5_000) {
      ({ status } = await askHttp(other, "/api/me", guest));
    }
    expect(status).toBe(401);
    expect(performance.now() - leftAt).toBeLessThan(1_000);
  });

  test(`[A-1] [P21] leaving a room on one ends it on the other within ${withinMs} ms`, async () => {
    const { one, other } = nodes;
    const ann = await enter(one, "Ann");
    const stream = await ann.makeRoom(`Room ${ann.id}`);
    const bob = await enter(one, "Bob");
    await bob.ask({ type: "room.join", stream, cid: cid() });
    const { guest } = bob;
    const device = await enter(other, "", {
      guest,
      cursors: { inbox: 0, [stream]: 0 },
    });
    await bob.ask({ type: "room.leave", stream, cid: cid() });
    const leftAt = performance.now();
    await device.socket.next(
      ({ type, room }) => type === "room.left" && room === stream,
    );
    expect(performance.now() - leftAt).toBeLessThan(withinMs);
    const said = await ann.say("after it", stream);
    const seen = await enter(other, "", {
      guest: ann.guest,
      cursors: { [stream]: Number(said["seq"]) - 1 },
    });
    await seen.hears("after it");
    const texts = device.socket.received.map(({ text }) => text);
    expect(texts).not.toContain("after it");
    for (const one of [ann, bob, device, seen]) await one.leave();
  });

  test("welcome says which node it is", async () => {
    const { other } = nodes;
    const ann = await enter(other, "Ann");
    const welcome = ann.socket.received.find(({ type }) => type === "welcome");
    expect(welcome).toMatchObject({ node: "other" });
    await ann.leave();
  });
});

test("[A-2] a session that is gone from the database, whatever was told, ends its sockets at the next sweep", async () => {
  const secondMs = 20;
  await using nodes = await startTwoNodes({ hasNats: false, secondMs });
  const ann = await enter(nodes.one, "Ann");
  const ping = setInterval(() => {
    ann.socket.send({ type: "ping" });
  }, secondMs);
  const bob = await enter(nodes.one, "Bob");
  const bobPing = setInterval(() => {
    bob.socket.send({ type: "ping" });
  }, secondMs);
  await nodes.query(`delete from sessions where person = '${ann.id}'`);
  expect((await ann.socket.closed).code).toBe(4003);
  expect(await bob.say("still here")).toMatchObject({ type: "ok" });
  clearInterval(ping);
  clearInterval(bobPing);
  await bob.leave();
});
