import {
  afterAll,
  afterEach,
  beforeAll,
  describe,
  expect,
  test,
} from "bun:test";
import { expectServing } from "../testing/enter.ts";
import { generous } from "../testing/generous.ts";
import { jsonFrame } from "../testing/raw-frames.ts";
import {
  handshakeRequest,
  RawSocket,
  type RawHandshake,
  type RawHeaders,
} from "../testing/raw-socket.ts";
import { codeOf, shakeHands } from "../testing/shake-hands.ts";
import {
  startTestServer,
  type TestServer,
} from "../testing/start-test-server.ts";
import { joinAs } from "../testing/test-guest.ts";

// The handshake on raw sockets, so that no client library repairs what is
// wrong with it. "Bun" in a name marks an answer that is Bun's own: pinned
// here so that a new Bun shows what it changed.

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer(generous);
});
afterEach(() => expectServing(server));
afterAll(() => server[Symbol.asyncDispose]());

const key = "Sec-WebSocket-Key";
const protocol = "Sec-WebSocket-Protocol";

describe("a handshake that is none", () => {
  test("[H1] a method other than GET is 405 and names GET", async () => {
    const response = await shakeHands(server, { method: "POST" });
    expect(response.status).toBe(405);
    expect(response.headers.get("allow")).toBe("GET");
    expect(codeOf(response)).toBe("method_not_allowed");
  });

  const none: Record<string, RawHeaders> = {
    "[H2] another Upgrade": { Upgrade: "websocketx" },
    "[H2] no Upgrade": { Upgrade: undefined },
    "[H3] no key": { [key]: undefined },
    "[H4] a key of 15 bytes": { [key]: Buffer.alloc(15, 1).toString("base64") },
    "[H4] a key of 17 bytes": { [key]: Buffer.alloc(17, 1).toString("base64") },
    "[H4] an empty key": { [key]: "" },
    "[H4] a key of 4,096 bytes": { [key]: "A".repeat(4096) },
    "[H4] a key that is not Base64": { [key]: "dGhlIHNhbXBsZSBub25j!!==" },
    "[H4] two keys": {
      [key]: ["dGhlIHNhbXBsZSBub25jZQ==", "dGhlIHNhbXBsZSBub25jZQ=="],
    },
    "[H20] a Content-Length": { "Content-Length": "10" },
    "[H21] chunked and a Content-Length (Bun)": {
      "Transfer-Encoding": "chunked",
      "Content-Length": "10",
    },
    "[H22] two Hosts": { Host: ["a.example", "b.example"] },
    "[H22] no Host (Bun)": { Host: undefined },
    "[H22] a Host that is none": { Host: "a b<>" },
  };
  test.each(Object.entries(none))("%s is 400", async (_, headers) => {
    expect((await shakeHands(server, { headers })).status).toBe(400);
  });

  test("[H22] HTTP/1.0 without Host is 400", async () => {
    const headers = { Host: undefined };
    const { status } = await shakeHands(server, { version: "1.0", headers });
    expect(status).toBe(400);
  });

  test("[H22] a Host that is not ours is served: behind a proxy it may be any", async () => {
    const { status } = await shakeHands(server, { headers: { Host: "evil" } });
    expect(status).toBe(101);
  });

  test.each(["0", "7", "8", "12", "14", "13,8", undefined])(
    "[H5] version %s is 426 and names 13 (Bun)",
    async (version) => {
      const headers = { "Sec-WebSocket-Version": version };
      const response = await shakeHands(server, { headers });
      expect(response.status).toBe(426);
      expect(response.headers.get("sec-websocket-version")).toBe("13");
    },
  );

  test("[H6] [H7] too many or too long headers are 431 (Bun)", async () => {
    const many = Array.from({ length: 2000 }, (_, n) => [`x-${n}`, "1"]);
    for (const headers of [
      Object.fromEntries(many) as Record<string, string>,
      { "x-long": "a".repeat(20_480) },
    ]) {
      expect((await shakeHands(server, { headers })).status).toBe(431);
    }
  });
});

describe("addresses and bytes", () => {
  const answers: [string, RawHandshake, number][] = [
    ["[H23] //ws", { target: "//ws" }, 404],
    ["[H23] /ws/..;/admin", { target: "/ws/..;/admin" }, 404],
    ["[H23] /ws%00", { target: "/ws%00" }, 404],
    ["[H23] /%2e%2e/ws", { target: "/%2e%2e/ws" }, 101],
    ["[H23] an absolute address", { target: "http://127.0.0.1/ws" }, 101],
    ["[H23] 8 KiB of query", { target: `/ws?${"a".repeat(8192)}` }, 414],
    ["[H23] TRACE", { method: "TRACE" }, 405],
    ["[H23] CONNECT", { method: "CONNECT" }, 405],
    ["[H23] BREW (Bun)", { method: "BREW" }, 0],
    [
      "[H25] odd queries",
      { target: "/ws?EIO=4&transport=websocket&sid=x" },
      101,
    ],
    ["[H25] a token", { target: "/ws?token=secret" }, 400],
  ];
  test.each(answers)("%s", async (_, handshake, status) => {
    expect((await shakeHands(server, handshake)).status).toBe(status);
  });

  test("[H25] a token in the address is named as the mistake", async () => {
    const response = await shakeHands(server, { target: "/ws?token=secret" });
    expect(codeOf(response)).toBe("token_in_url");
    expect(response.body).not.toContain("secret");
  });

  const noRequests: Record<string, Uint8Array | string> = {
    "the preface of HTTP/2": "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "a TLS hello": Buffer.from("16030100c8010000c40303", "hex"),
    "4 KiB of zeros": Buffer.alloc(4096),
  };
  test.each(Object.entries(noRequests))(
    "[H26] %s is refused and closed (Bun)",
    async (_, bytes) => {
      const socket = await RawSocket.connect(server);
      socket.write(bytes);
      const { status } = await socket.response();
      expect(status).toBe(400);
      await socket.ended;
    },
  );

  test("[H18] frames in the packet of the handshake wait for the session, and none is lost", async () => {
    const { cookie } = await joinAs(server, "Ann");
    const socket = await RawSocket.connect(server);
    const headers = { [protocol]: "parley.v1", Cookie: cookie };
    const request = handshakeRequest(server, { headers });
    const hello = jsonFrame({ type: "hello", id: 1, cursors: {} });
    const unfollows = Array.from({ length: 40 }, (_, n) =>
      jsonFrame({ type: "unfollow", id: n + 2, stream: "inbox" }),
    );
    socket.write(Buffer.concat([Buffer.from(request), hello, ...unfollows]));
    expect((await socket.response()).status).toBe(101);
    for (let id = 2; id <= 41; id += 1) {
      expect(await socket.object((object) => object.id === id)).toMatchObject({
        type: "ok",
      });
    }
    socket.close();
  });

  test("[H18] and without a session nothing of it runs", async () => {
    const socket = await RawSocket.connect(server);
    const headers = { [protocol]: "parley.v1" };
    const request = handshakeRequest(server, { headers });
    const hello = jsonFrame({ type: "hello", id: 1, cursors: {} });
    socket.write(Buffer.concat([Buffer.from(request), hello]));
    expect((await socket.response()).status).toBe(101);
    const first = await socket.frame();
    expect(first?.opcode).toBe(8);
    expect(first?.payload.readUInt16BE()).toBe(4001);
    socket.close();
  });

  test("[H19] a second request after the handshake is read as a frame: 1002 (Bun)", async () => {
    const socket = await RawSocket.connect(server);
    socket.write(handshakeRequest(server));
    expect((await socket.response()).status).toBe(101);
    socket.write(handshakeRequest(server));
    expect((await socket.closing()).code).toBe(1002);
    socket.close();
  });

  test("[H24] [L-3] 500 resets right after the request leave nothing behind", async () => {
    for (let n = 0; n < 20; n += 1) {
      const sockets = await Promise.all(
        Array.from({ length: 25 }, () => RawSocket.connect(server)),
      );
      for (const [index, socket] of sockets.entries()) {
        const headers = index % 2 === 0 ? {} : { [protocol]: "parley.v1" };
        socket.write(handshakeRequest(server, { headers }));
        socket.reset();
      }
      await Promise.all(sockets.map(({ ended }) => ended));
    }
    // 20 without a cookie may be open from one address: all are gone again.
    const after = await Promise.all(
      Array.from({ length: 20 }, () => RawSocket.upgrade(server)),
    );
    expect((await shakeHands(server)).status).toBe(429);
    for (const socket of after) socket.close();
  });
});
