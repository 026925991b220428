import { afterAll, afterEach, beforeAll, expect, test } from "bun:test";
import { enter, expectServing } from "../testing/enter.ts";
import { generous } from "../testing/generous.ts";
import { jsonFrame, opcodes, rawFrame } from "../testing/raw-frames.ts";
import { RawSocket } from "../testing/raw-socket.ts";
import {
  startTestServer,
  type TestServer,
} from "../testing/start-test-server.ts";
import { joinAs } from "../testing/test-guest.ts";

// Too much of what is allowed, and peers that vanish in the middle of it.

let server: TestServer;
let cookie: string;

beforeAll(async () => {
  server = await startTestServer(generous);
  ({ cookie } = await joinAs(server, "Ann"));
});
afterEach(() => expectServing(server));
afterAll(() => server[Symbol.asyncDispose]());

const hello = jsonFrame({ type: "hello", id: 1, cursors: { inbox: null } });

async function greeted(): Promise<RawSocket> {
  const headers = { "Sec-WebSocket-Protocol": "parley.v1", Cookie: cookie };
  const socket = await RawSocket.upgrade(server, headers);
  socket.write(hello);
  await socket.object(({ type }) => type === "ready");
  return socket;
}

test.each(["ping", "pong"] as const)(
  "[F24] [F25] [T45] 10,000 %ss end with 4129 within a second",
  async (kind) => {
    const socket = await greeted();
    const frame = rawFrame(opcodes[kind], "x".repeat(125));
    socket.write(Buffer.concat(new Array<Buffer>(10_000).fill(frame)));
    let pongs = 0;
    const startedAt = performance.now();
    for (;;) {
      const answer = await socket.frame();
      if (answer?.opcode === opcodes.pong) pongs += 1;
      if (answer?.opcode !== opcodes.close) continue;
      expect(answer.payload.readUInt16BE()).toBe(4129);
      break;
    }
    expect(performance.now() - startedAt).toBeLessThan(1_000);
    expect(pongs).toBeLessThanOrEqual(30);
    socket.close();
  },
);

test("[J25] 1,000 commands at once are refused, then end with 4129", async () => {
  const ann = await enter(server);
  const commands = Array.from({ length: 1000 }, (_, index) => ({
    type: "unfollow",
    id: index + 2,
    stream: "inbox",
  }));
  while (commands.length > 0) {
    ann.socket.send(JSON.stringify(commands.splice(0, 50)));
  }
  expect((await ann.socket.closed).code).toBe(4129);
  const refused = ann.socket.received.filter(({ type }) => type === "error");
  expect(refused.length).toBeGreaterThan(0);
  for (const { code, retryAfterMs } of refused) {
    expect(code).toBe("rate_limited");
    expect(retryAfterMs).toBeGreaterThan(0);
  }
});

test("signals beyond the rate are dropped, not answered, and then end with 4129", async () => {
  const ann = await enter(server);
  const pings = new Array(50).fill({ type: "ping" });
  ann.socket.send(JSON.stringify(pings));
  ann.socket.send(JSON.stringify(pings));
  const { type } = await ann.ask({ type: "unfollow", stream: "inbox" });
  expect(type).toBe("error");
  const pongs = ann.socket.received.filter(({ type }) => type === "pong");
  expect(pongs.length).toBeWithin(40, 60);
  for (let n = 0; n < 5; n += 1) ann.socket.send(JSON.stringify(pings));
  expect((await ann.socket.closed).code).toBe(4129);
});

test("[F34] [F33] resets before, during and after hello leave no connection behind", async () => {
  const headers = { "Sec-WebSocket-Protocol": "parley.v1", Cookie: cookie };
  const ping = rawFrame(opcodes.ping, "x");
  const begun: ((socket: RawSocket) => void)[] = [
    () => undefined,
    (socket) => socket.write(hello),
    (socket) => socket.write(Buffer.concat([hello, ping])),
    (socket) => socket.write(hello.subarray(0, 20)),
  ];
  for (let round = 0; round < 20; round += 1) {
    const sockets = await Promise.all(
      begun.map(() => RawSocket.upgrade(server, headers)),
    );
    for (const [index, socket] of sockets.entries()) {
      begun[index]?.(socket);
      socket.reset();
    }
    await Promise.all(sockets.map(({ ended }) => ended));
  }
  // One person may have 20: none of the 80 is still counted.
  const sockets: RawSocket[] = [];
  for (let n = 0; n < 20; n += 1) sockets.push(await greeted());
  for (const socket of sockets) socket.close();
});

test("[F27] [L-3] a FIN while a megabyte is on its way is an end like another", async () => {
  const ann = await enter(server);
  const reader = await greeted();
  reader.write(
    jsonFrame({ type: "follow", id: 2, stream: ann.lobby, cursor: null }),
  );
  await reader.object(({ type }) => type === "reset");
  reader.pause();
  for (let n = 0; n < 25; n += 1) await ann.say("😀".repeat(10_000));
  reader.halfClose();
  expect(await ann.say("still here")).toMatchObject({ type: "ok" });
  reader.close();
  await ann.leave();
});
