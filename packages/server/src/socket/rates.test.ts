import { afterEach, expect, test } from "bun:test";
import type { FrameObject } from "@parley/protocol";
import { cid, enter, expectServing, type Present } from "../testing/enter.ts";
import { generous } from "../testing/generous.ts";
import {
  startTestServer,
  type TestServer,
} from "../testing/start-test-server.ts";

// Too fast is refused with the time to wait, and nothing that was taken is lost.

let server: TestServer;

async function start(environment: Record<string, string>): Promise<Present> {
  server = await startTestServer({ ...generous, ...environment });
  return enter(server, "Ann");
}

afterEach(async () => {
  await expectServing(server);
  await server[Symbol.asyncDispose]();
});

/** All messages of the lobby, from the store. */
async function stored(ann: Present): Promise<{ cid: string; seq: number }[]> {
  const { cookie } = ann.guest;
  const address = `${server.url}/api/streams/${ann.lobby}/messages?limit=100`;
  const response = await fetch(address, { headers: { cookie } });
  const page = (await response.json()) as {
    messages: { cid: string; seq: number }[];
  };
  return page.messages;
}

test("[T48] [D-1] of 100 posts at once 20 are taken, the rest is told when to come back, none is lost", async () => {
  const ann = await start({ PARLEY_MESSAGE_RATE: "1/min burst 20" });
  const posts = Array.from({ length: 100 }, (_, n) => ({
    type: "message.post",
    id: 1_000 + n,
    stream: ann.lobby,
    cid: cid(),
    text: `${n}`,
  }));
  ann.socket.send(posts.slice(0, 50));
  ann.socket.send(posts.slice(50));
  const answers: FrameObject[] = [];
  for (const { id } of posts) {
    answers.push(await ann.socket.next((object) => object.id === id));
  }
  const taken = answers.filter(({ type }) => type === "ok");
  expect(taken).toHaveLength(20);
  for (const answer of answers) {
    if (answer.type === "ok") continue;
    expect(answer).toMatchObject({
      type: "error",
      code: "rate_limited",
      retryable: true,
    });
    expect(answer["retryAfterMs"]).toBeGreaterThan(0);
  }
  const kept = await stored(ann);
  const facts = ({ cid: one, seq }: FrameObject): unknown => ({
    cid: one,
    seq,
  });
  expect(kept.map(({ cid: one, seq }) => ({ cid: one, seq }))).toEqual(
    taken.map(facts) as typeof kept,
  );
});

test("[D-3] who waits as long as they were told is taken, under the same cid", async () => {
  const ann = await start({ PARLEY_MESSAGE_RATE: "4/s burst 1" });
  await ann.say("first");
  const post = {
    type: "message.post",
    stream: ann.lobby,
    cid: cid(),
    text: "x",
  };
  const refused = await ann.ask(post);
  expect(refused["retryAfterMs"]).toBeWithin(1, 251);
  await Bun.sleep(Number(refused["retryAfterMs"]));
  const answer = await ann.ask(post);
  expect(answer).toMatchObject({ type: "ok" });
  expect(answer).not.toHaveProperty("repeated");
  expect(await stored(ann)).toHaveLength(2);
});

test("a person's rate holds over all their connections, and is theirs alone", async () => {
  const ann = await start({ PARLEY_MESSAGE_RATE: "1/min burst 2" });
  const again = await enter(server, "", { guest: ann.guest });
  await ann.say("one");
  await again.say("two");
  expect(await ann.say("three")).toMatchObject({ code: "rate_limited" });
  expect(await again.say("three")).toMatchObject({ code: "rate_limited" });
  const bob = await enter(server, "Bob");
  expect(await bob.say("one")).toMatchObject({ type: "ok" });
});

test("a room has a rate as well, and another room its own", async () => {
  const ann = await start({ PARLEY_ROOM_MESSAGE_RATE: "10/s burst 2" });
  const room = await ann.makeRoom("Other");
  await ann.say("one");
  const bob = await enter(server, "Bob");
  await bob.say("two");
  expect(await bob.say("three")).toMatchObject({ code: "rate_limited" });
  expect(await ann.say("hello", room)).toMatchObject({ type: "ok" });
  // So that the check after each test has room to speak.
  await Bun.sleep(150);
});

test("a room's rate holds for posts that arrive in one moment", async () => {
  const ann = await start({ PARLEY_ROOM_MESSAGE_RATE: "1/min burst 3" });
  const room = await ann.makeRoom("Own");
  const posts = Array.from({ length: 10 }, (_, n) => ({
    type: "message.post",
    id: 1_000 + n,
    stream: room,
    cid: cid(),
    text: `${n}`,
  }));
  ann.socket.send(posts);
  const answers = await Promise.all(
    posts.map((post) => ann.socket.next(({ id }) => id === post.id)),
  );
  expect(answers.filter(({ type }) => type === "ok")).toHaveLength(3);
});

test("people outside a room cannot use up its rate", async () => {
  const ann = await start({ PARLEY_ROOM_MESSAGE_RATE: "1/min burst 3" });
  const room = await ann.makeRoom("Own");
  const mallory = await enter(server, "Mallory");
  for (let n = 0; n < 5; n += 1) {
    expect(await mallory.say("let me in", room)).toMatchObject({
      code: "not_found",
    });
  }
  expect(await ann.say("hello", room)).toMatchObject({ type: "ok" });
});

test.each([
  ["PARLEY_ROOM_CREATE_RATE", () => ({ type: "room.create", name: cid() })],
  [
    "PARLEY_ROOM_JOIN_RATE",
    ({ lobby }: Present) => ({ type: "room.join", stream: lobby }),
  ],
  [
    "PARLEY_READ_MARK_RATE",
    ({ lobby }: Present) => ({ type: "read.mark", stream: lobby, upTo: 1 }),
  ],
])("%s holds per person", async (setting, command) => {
  const ann = await start({ [setting]: "1/min burst 2" });
  const answers: unknown[] = [];
  for (let n = 0; n < 3; n += 1) {
    const { type } = await ann.ask({ cid: cid(), ...command(ann) });
    answers.push(type);
  }
  expect(answers).toEqual(["ok", "ok", "error"]);
});

test("PARLEY_LIMITS=off lifts the rates, and never the sizes", async () => {
  const ann = await start({
    PARLEY_LIMITS: "off",
    PARLEY_MESSAGE_RATE: "1/min burst 1",
    PARLEY_FRAME_RATE: "1/s burst 1",
  });
  for (let n = 0; n < 10; n += 1) {
    const posts = Array.from({ length: 30 }, () => ann.say("hello"));
    for (const { type } of await Promise.all(posts)) expect(type).toBe("ok");
  }
  expect(await ann.say("x".repeat(10_001))).toMatchObject({ code: "too_long" });
});

test("a 65th command that waits is refused, and the 64 before it are done", async () => {
  const ann = await start({ PARLEY_FRAME_RATE: "1000/s burst 1000" });
  const posts = Array.from({ length: 80 }, (_, n) => ({
    type: "message.post",
    id: 1_000 + n,
    stream: ann.lobby,
    cid: cid(),
    text: `${n}`,
  }));
  ann.socket.send(posts.slice(0, 50));
  ann.socket.send(posts.slice(50));
  const types: unknown[] = [];
  for (const { id } of posts) {
    const { type, code } = await ann.socket.next((object) => object.id === id);
    types.push(code ?? type);
  }
  const taken = types.filter((one) => one === "ok").length;
  expect(taken).toBeGreaterThanOrEqual(64);
  expect(types.filter((one) => one !== "ok")).toEqual(
    new Array<string>(80 - taken).fill("rate_limited"),
  );
  expect(await stored(ann)).toHaveLength(taken);
});
