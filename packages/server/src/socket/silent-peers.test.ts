import { afterAll, afterEach, beforeAll, expect, test } from "bun:test";
import { enter, expectServing } from "../testing/enter.ts";
import { generous } from "../testing/generous.ts";
import { jsonFrame, opcodes, rawFrame } from "../testing/raw-frames.ts";
import { handshakeRequest, RawSocket } from "../testing/raw-socket.ts";
import {
  startTestServer,
  type TestServer,
} from "../testing/start-test-server.ts";
import { joinAs } from "../testing/test-guest.ts";
import { TestSocket } from "../testing/test-socket.ts";

// Peers that say nothing any more, on a server whose seconds are short.

const secondMs = 20;

let server: TestServer;
let headers: Record<string, string>;

beforeAll(async () => {
  const environment = { ...generous, PARLEY_FRAME_RATE: "1000/s burst 1000" };
  server = await startTestServer(environment, { secondMs });
  const { cookie } = await joinAs(server, "Ann");
  headers = { "Sec-WebSocket-Protocol": "parley.v1", Cookie: cookie };
});
afterEach(() => expectServing(server));
afterAll(() => server[Symbol.asyncDispose]());

const hello = jsonFrame({ type: "hello", id: 1, cursors: { inbox: null } });

test("[H14] a handshake and then nothing is closed with 4001 after ten seconds", async () => {
  const startedAt = performance.now();
  const socket = await RawSocket.upgrade(server, headers);
  const closing = await socket.closing();
  expect(closing).toEqual({ code: 4001, reason: "no hello in time" });
  expect(performance.now() - startedAt).toBeGreaterThan(9 * secondMs);
  socket.close();
});

test("[F26] who never answers a ping is ended, also while data flows to them", async () => {
  const ann = await enter(server);
  const deaf = await RawSocket.upgrade(server, headers);
  deaf.write(hello);
  deaf.write(
    jsonFrame({ type: "follow", id: 2, stream: ann.lobby, cursor: null }),
  );
  const closing = deaf.closing();
  const ended = new AbortController();
  void closing.then(() => {
    ended.abort();
  });
  for (let n = 0; !ended.signal.aborted; n += 1) await ann.say(`${n}`);
  expect((await closing).code).toBe(1006);
  deaf.close();
  await ann.leave();
});

test("who answers pings, and says nothing else, lives on", async () => {
  const ann = await enter(server);
  const isPing = ({ type }: { type?: unknown }): boolean => type === "ping";
  const pingsSoFar = (): number => ann.socket.received.filter(isPing).length;
  // Two turns of the wheel: longer than anybody who is silent has.
  await ann.socket.next(() => pingsSoFar() >= 3);
  expect(await ann.say("still here")).toMatchObject({ type: "ok" });
  await ann.leave();
});

test("a hello in the packet of the handshake counts as one", async () => {
  const socket = await RawSocket.connect(server);
  const request = Buffer.from(handshakeRequest(server, { headers }));
  socket.write(Buffer.concat([request, hello]));
  expect((await socket.response()).status).toBe(101);
  for (let pings = 0; pings < 3; pings += 1) {
    await socket.object(({ type }) => type === "ping");
    socket.write(jsonFrame({ type: "pong" }));
  }
  socket.close();
});

test("[F14] who never finishes a message is ended", async () => {
  const socket = await RawSocket.upgrade(server, headers);
  socket.write(hello);
  const unfinished = rawFrame(opcodes.text, "x".repeat(1_000));
  socket.write(unfinished.subarray(0, unfinished.length - 1));
  expect((await socket.closing()).code).toBe(1006);
  socket.close();
});

test("on the simple wire a WebSocket pong is enough, and silence is the end", async () => {
  const alive = await TestSocket.open(server);
  const silent = await RawSocket.upgrade(server);
  expect((await silent.closing()).code).toBe(1006);
  // The library of `alive` has answered the same pings by itself.
  const words = { email: "a@example.org", username: "Ann", message: "here" };
  alive.send(words);
  await alive.next(({ message }) => message === "here");
  silent.close();
  alive.close();
});
