import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  expect,
  test,
} from "bun:test";
import type { FrameObject } from "@parley/protocol";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { cid, enter, expectServing, type Present } from "../testing/enter.ts";
import { generous } from "../testing/generous.ts";
import {
  startTestServer,
  type TestServer,
} from "../testing/start-test-server.ts";

// The same command twice is one event, forever.

let server: TestServer;
let ann: Present;
let bob: Present;

beforeAll(async () => {
  server = await startTestServer(generous);
});
beforeEach(async () => {
  ann = await enter(server, "Ann");
  bob = await enter(server, "Bob");
});
afterEach(async () => {
  await ann.leave();
  await bob.leave();
  await expectServing(server);
});
afterAll(() => server[Symbol.asyncDispose]());

function post(who: Present, one: string, text = "hello"): Promise<FrameObject> {
  return who.ask({ type: "message.post", stream: who.lobby, cid: one, text });
}

/** How often this cid has come to Bob as an event, once all has come. */
async function copiesOf(one: string): Promise<number> {
  const last = cid();
  await bob.say(last);
  await bob.hears(last);
  const isEvent = (object: FrameObject): boolean =>
    object["cid"] === one && "by" in object;
  return bob.socket.received.filter(isEvent).length;
}

const notCids: Record<string, string> = {
  "an empty one": "",
  "a word": "hello",
  "version 4": "9b2f1a54-0c9d-4c57-8a55-0b0a3a1b7f11",
  "another variant": "01926e4a-7c3b-7d2e-1f10-5a6b7c8d9e0f",
  "upper case": "01926E4A-7C3B-7D2E-9F10-5A6B7C8D9E0F",
  "15 bytes": "01926e4a-7c3b-7d2e-9f10-5a6b7c8d9e",
  "17 bytes": "01926e4a-7c3b-7d2e-9f10-5a6b7c8d9e0f00",
  "no dashes": "01926e4a7c3b7d2e9f105a6b7c8d9e0f",
  "a line break after it": "01926e4a-7c3b-7d2e-9f10-5a6b7c8d9e0f\n",
  "NUL in it": "01926e4a-7c3b-7d2e-9f10-5a6b7c8d9e0\u0000",
};
test.each(Object.entries(notCids))(
  "[J12] [J17] %s is invalid_cid",
  async (_, one) => {
    expect(await post(ann, one)).toMatchObject({ code: "invalid_cid" });
  },
);

test("[D-3] [P5] [J12] the same again gets the first answer again, and is told once", async () => {
  const one = cid();
  const first = await post(ann, one);
  const again = await post(ann, one);
  expect(again).toEqual({ ...first, id: again.id, repeated: true });
  expect(await copiesOf(one)).toBe(1);
});

test("[D-3] [P5] also on another connection, and when a hundred came between", async () => {
  const one = cid();
  const { seq, at } = await post(ann, one);
  await Promise.all(Array.from({ length: 30 }, (_, n) => bob.say(`${n}`)));
  const again = await enter(server, "", { guest: ann.guest });
  expect(await post(again, one)).toMatchObject({ seq, at, repeated: true });
  await again.leave();
  expect(await copiesOf(one)).toBe(1);
});

test("[D-3] also after a restart of the server", async () => {
  const folder = mkdtempSync(path.join(tmpdir(), "parley-test-"));
  const one = cid();
  const first = await startTestServer(generous, { folder });
  const before = await enter(first, "Ann");
  const { seq, at } = await post(before, one);
  await first[Symbol.asyncDispose]();

  const second = await startTestServer(generous, { folder });
  const after = await enter(second, "", { guest: before.guest });
  expect(await post(after, one)).toMatchObject({ seq, at, repeated: true });
  await second[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

test("[J29] from two connections at once it is one event, and one of the two answers says so", async () => {
  const again = await enter(server, "", { guest: ann.guest });
  for (let n = 0; n < 10; n += 1) {
    const one = cid();
    const answers = await Promise.all([post(ann, one), post(again, one)]);
    const [first, second] = answers;
    expect(first["seq"]).toBe(second["seq"]);
    expect(answers.filter(({ repeated }) => repeated === true)).toHaveLength(1);
    expect(await copiesOf(one)).toBe(1);
  }
  await again.leave();
});

test("twice in one frame is one event as well", async () => {
  const one = cid();
  const command = {
    type: "message.post",
    stream: ann.lobby,
    cid: one,
    text: "x",
  };
  ann.socket.send([
    { ...command, id: 60 },
    { ...command, id: 61 },
  ]);
  expect(await ann.socket.next(({ id }) => id === 61)).toMatchObject({
    type: "ok",
    repeated: true,
  });
  expect(await copiesOf(one)).toBe(1);
});

test("[J12] with other words, in another room or for another thing it is cid_conflict", async () => {
  const one = cid();
  const room = await ann.makeRoom(`Room ${cid()}`);
  await post(ann, one);
  const conflict = { type: "error", code: "cid_conflict", retryable: false };
  expect(await post(ann, one, "other words")).toMatchObject(conflict);
  for (const command of [
    { type: "message.post", stream: room, text: "hello" },
    { type: "room.create", name: `Room ${cid()}` },
    { type: "room.join", stream: room },
    { type: "room.leave", stream: room },
  ]) {
    expect(await ann.ask({ ...command, cid: one })).toMatchObject(conflict);
  }
  expect(await copiesOf(one)).toBe(1);
});

test("[J12] another's cid is another's: the two are independent", async () => {
  const one = cid();
  const anns = await post(ann, one);
  const bobs = await post(bob, one);
  expect(bobs).toMatchObject({ type: "ok" });
  expect(bobs).not.toHaveProperty("repeated");
  expect(bobs["seq"]).not.toBe(anns["seq"]);
  expect(await copiesOf(one)).toBe(2);
});

test.each(["room.create", "room.join", "room.leave"])(
  "[D-3] %s again gets its first answer again",
  async (type) => {
    const room = await ann.makeRoom(`Room ${cid()}`);
    if (type === "room.leave") {
      await bob.ask({ type: "room.join", stream: room, cid: cid() });
    }
    const what =
      type === "room.create" ? { name: `Room ${cid()}` } : { stream: room };
    const command = { type, cid: cid(), ...what };
    const first = await bob.ask(command);
    expect(first).toMatchObject({ type: "ok" });
    await ann.say("something later", room);
    const again = await bob.ask(command);
    expect(again).toEqual({ ...first, id: again.id, repeated: true });
  },
);

test("[D-4] a cid that was refused for its text may be used for a better one", async () => {
  const one = cid();
  expect(await post(ann, one, " ")).toMatchObject({ code: "empty_message" });
  expect(await post(ann, one, "better")).toMatchObject({ type: "ok" });
});
