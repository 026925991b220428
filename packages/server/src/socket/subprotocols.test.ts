import { afterAll, afterEach, beforeAll, expect, test } from "bun:test";
import { expectServing } from "../testing/enter.ts";
import { generous } from "../testing/generous.ts";
import { shakeHands } from "../testing/shake-hands.ts";
import {
  startTestServer,
  type TestServer,
} from "../testing/start-test-server.ts";
import { RawSocket, handshakeRequest } from "../testing/raw-socket.ts";

// What a client offers to speak, and what it is answered.

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer(generous);
});
afterEach(() => expectServing(server));
afterAll(() => server[Symbol.asyncDispose]());

const protocol = "Sec-WebSocket-Protocol";
const extensions = "Sec-WebSocket-Extensions";

test("parley.v1 is echoed, also when it stands among others", async () => {
  for (const offer of [
    "parley.v1",
    "other, parley.v1",
    "parley.v0,parley.v1",
  ]) {
    const headers = { [protocol]: offer };
    const { status, headers: answered } = await shakeHands(server, { headers });
    expect(status).toBe(101);
    expect(answered.get("sec-websocket-protocol")).toBe("parley.v1");
  }
});

test("none offered is the simple wire, and none is answered", async () => {
  const { status, headers } = await shakeHands(server);
  expect(status).toBe(101);
  expect(headers.has("sec-websocket-protocol")).toBe(false);
});

test("[H9] a parley of another version is echoed, then closed with 4006", async () => {
  const socket = await RawSocket.connect(server);
  const headers = { [protocol]: "parley.v0" };
  socket.write(handshakeRequest(server, { headers }));
  const response = await socket.response();
  expect(response.status).toBe(101);
  expect(response.headers.get("sec-websocket-protocol")).toBe("parley.v0");
  expect((await socket.closing()).code).toBe(4006);
  socket.close();
});

const refused: Record<string, string> = {
  "[H8] 12,000 spaces inside": `b${" ".repeat(12_000)}x`,
  "[H9] one twice": "a,a",
  "[H9] ours twice": "parley.v1,parley.v1",
  "[H9] an empty item": "parley.v1,,b",
  "[H9] nothing at all": "",
  "[H9] 1,000 items": Array.from({ length: 1000 }, (_, n) => `p${n}`).join(),
  "[H9] a carriage return (Bun)": "parley.v1\rx",
  "a name that we do not know": "graphql-ws",
};
test.each(Object.entries(refused))("%s is 400", async (_, offer) => {
  const startedAt = performance.now();
  const { status } = await shakeHands(server, {
    headers: { [protocol]: offer },
  });
  expect(status).toBe(400);
  expect(performance.now() - startedAt).toBeLessThan(1_000);
});

test("[H8] 32,000 spaces are 431 (Bun)", async () => {
  const offer = `b${" ".repeat(32_000)}x`;
  const { status } = await shakeHands(server, {
    headers: { [protocol]: offer },
  });
  expect(status).toBe(431);
});

test.each([
  "constructor",
  "__proto__",
  "toString; valueOf",
  'a; b="\\c\\c\\c',
  "permessage-deflate; server_max_window_bits=999999",
  "permessage-deflate, permessage-deflate; client_no_context_takeover",
])(
  "[H10] [H11] [H12] no extension is ever agreed on: %s (Bun)",
  async (offer) => {
    const { status, headers } = await shakeHands(server, {
      headers: { [extensions]: offer },
    });
    expect(status).toBe(101);
    expect(headers.has("sec-websocket-extensions")).toBe(false);
  },
);

test("[H11] an unclosed quote of 64 KiB is 431 (Bun)", async () => {
  const headers = { [extensions]: `a; b="${"\\c".repeat(32_768)}` };
  expect((await shakeHands(server, { headers })).status).toBe(431);
});
