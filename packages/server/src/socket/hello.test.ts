import { afterAll, afterEach, beforeAll, expect, test } from "bun:test";
import { limits, type FrameObject } from "@parley/protocol";
import { enter, expectServing } from "../testing/enter.ts";
import { generous } from "../testing/generous.ts";
import { jsonFrame } from "../testing/raw-frames.ts";
import { RawSocket } from "../testing/raw-socket.ts";
import {
  startTestServer,
  type TestServer,
} from "../testing/start-test-server.ts";
import { joinAs } from "../testing/test-guest.ts";
import { TestSocket } from "../testing/test-socket.ts";

// The first command of a connection, said once.

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer(generous);
});
afterEach(() => expectServing(server));
afterAll(() => server[Symbol.asyncDispose]());

/** A signed-in socket that has not said hello. */
async function silentSocket(): Promise<TestSocket> {
  const { cookie } = await joinAs(server, "Ann");
  return TestSocket.open(server, { cookie, protocols: ["parley.v1"] });
}

async function answerTo(hello: FrameObject): Promise<FrameObject> {
  const socket = await silentSocket();
  const answer = await socket.ask({ ...hello, id: 1 });
  socket.close();
  return answer;
}

test("[J23] a second one is already_greeted, and the first goes on", async () => {
  const ann = await enter(server);
  const hello = { type: "hello", cursors: {} };
  const answer = await ann.ask(hello);
  expect(answer).toMatchObject({ code: "already_greeted", retryable: false });
  expect(await ann.say("hello")).toMatchObject({ type: "ok" });
  await ann.leave();
});

test.each(["message.post", "follow", "nope"])(
  "[J23] %s before it is closed with 4009",
  async (type) => {
    const socket = await silentSocket();
    socket.send({ type, id: 1 });
    const closing = await socket.closed;
    expect(closing).toEqual({ code: 4009, reason: "not_greeted" });
  },
);

test("one that is refused may be said again", async () => {
  const socket = await silentSocket();
  const refused = await socket.ask({ type: "hello", id: 1, cursors: [] });
  expect(refused).toMatchObject({ code: "invalid_type" });
  const hello = { type: "hello", id: 2, cursors: {} };
  expect(await socket.ask(hello)).toMatchObject({ type: "welcome" });
  socket.close();
});

test("[J23] a client of the far future is welcome", async () => {
  const answer = await answerTo({
    type: "hello",
    client: "web/999999999999",
    features: ["telepathy"],
    cursors: {},
  });
  expect(answer).toMatchObject({ type: "welcome" });
});

const cursors = (count: number): Record<string, number> =>
  Object.fromEntries(
    Array.from({ length: count }, (_, n) => [`r_nothing${n}`, 0]),
  );
const wrong: [string, FrameObject, string][] = [
  ["[J21] 2,001 cursors", { cursors: cursors(2_001) }, "too_many_streams"],
  [
    "[J21] 1,000 characters of epoch",
    { epoch: "e".repeat(1_000) },
    "invalid_value",
  ],
  [
    "1,000 characters of client",
    { client: "c".repeat(1_000) },
    "invalid_value",
  ],
  ["100 features", { features: new Array(100).fill("f") }, "invalid_value"],
  ["cursors for what is no stream", { cursors: { "<b>": 1 } }, "invalid_value"],
];
test.each(wrong)("%s are refused", async (_, part, code) => {
  const answer = await answerTo({ type: "hello", cursors: {}, ...part });
  expect(answer).toMatchObject({ type: "error", code });
});

test("[J21] 2,000 cursors are answered, one by one", async () => {
  const socket = await silentSocket();
  socket.send({ type: "hello", id: 1, cursors: cursors(2_000) });
  await socket.next(({ type }) => type === "ready");
  const gone = socket.received.filter(({ type }) => type === "gone");
  expect(gone).toHaveLength(2_000);
  socket.close();
});

test("who asks for it is told what the handshake was, without the secret in it", async () => {
  const { cookie } = await joinAs(server, "Ann");
  const socket = await RawSocket.upgrade(server, {
    "Sec-WebSocket-Protocol": "parley.v1",
    Cookie: cookie,
  });
  const hello = { type: "hello", id: 1, features: ["handshake"], cursors: {} };
  socket.write(jsonFrame(hello));
  const welcome = await socket.object(({ type }) => type === "welcome");
  expect(welcome["handshake"]).toMatchObject({
    request: {
      upgrade: "websocket",
      "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
      "sec-websocket-protocol": "parley.v1",
    },
    response: {
      status: "101 Switching Protocols",
      // As RFC 6455 §1.3 has it for this key.
      "sec-websocket-accept": "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=",
    },
  });
  expect(JSON.stringify(welcome)).not.toContain(cookie.split("=")[1] ?? "");
  socket.close();
  const plain = await answerTo({ type: "hello", cursors: {} });
  expect(plain).not.toHaveProperty("handshake");
});

test("[A-5] who one is comes from the cookie, whatever one says", async () => {
  const guest = await joinAs(server, "Ann");
  const socket = await TestSocket.open(server, {
    cookie: guest.cookie,
    protocols: ["parley.v1"],
  });
  const claim = { me: "u_someone000", person: "u_someone000", by: "u_x" };
  const hello = { type: "hello", id: 1, cursors: {}, ...claim };
  expect(await socket.ask(hello)).toMatchObject({
    type: "welcome",
    me: guest.me.id,
    limits: {
      frameBytes: limits.frameBytes,
      textCodePoints: limits.textCodePoints,
      replayEvents: limits.replayEvents,
      streams: limits.streamsPerConnection,
    },
  });
  socket.close();
});
