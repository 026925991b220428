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
import { RawSocket, type RawHeaders } from "../testing/raw-socket.ts";
import { codeOf, shakeHands } from "../testing/shake-hands.ts";
import {
  startTestServer,
  type TestServer,
} from "../testing/start-test-server.ts";
import { joinAs } from "../testing/test-guest.ts";
import { TestSocket } from "../testing/test-socket.ts";

// Who is let in: from which page, with which cookie, and how many.

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer(generous);
});
afterEach(() => expectServing(server));
afterAll(() => server[Symbol.asyncDispose]());

describe("pages", () => {
  test("the own origin is let in, by either scheme", async () => {
    const host = `127.0.0.1:${server.port}`;
    for (const Origin of [`http://${host}`, `https://${host}`]) {
      const { status } = await shakeHands(server, { headers: { Origin } });
      expect(status).toBe(101);
    }
  });

  test("[M8] no Origin is let in: browsers always send one", async () => {
    expect((await shakeHands(server)).status).toBe(101);
    const headers = { "Sec-Fetch-Site": "same-origin" };
    expect((await shakeHands(server, { headers })).status).toBe(101);
  });

  const foreign: Record<string, (port: number) => RawHeaders> = {
    "another host": () => ({ Origin: "https://evil.example" }),
    "another port": () => ({ Origin: "http://127.0.0.1:1" }),
    "no port": () => ({ Origin: "http://127.0.0.1" }),
    "the word null": () => ({ Origin: "null" }),
    "an empty one": () => ({ Origin: "" }),
    "another scheme": (port) => ({ Origin: `ftp://127.0.0.1:${port}` }),
    "another case": (port) => ({ Origin: `HTTP://127.0.0.1:${port}` }),
    "a trailing dot": (port) => ({ Origin: `http://127.0.0.1.:${port}` }),
    "a path": (port) => ({ Origin: `http://127.0.0.1:${port}/` }),
    "a look-alike": (port) => ({
      Host: `xn--pple-43d.example:${port}`,
      Origin: `http://аpple.example:${port}`,
    }),
    "the own one twice": (port) => ({
      Origin: [`http://127.0.0.1:${port}`, `http://127.0.0.1:${port}`],
    }),
    "the own one, then another": (port) => ({
      Origin: [`http://127.0.0.1:${port}`, "https://evil.example"],
    }),
    "none, but from another site": () => ({ "Sec-Fetch-Site": "cross-site" }),
  };
  test.each(Object.entries(foreign))(
    "[H13] a foreign page gets 403: %s",
    async (_, headersFor) => {
      const { cookie } = await joinAs(server, "Ann");
      const headers = { ...headersFor(server.port), Cookie: cookie };
      for (const offer of [{}, { "Sec-WebSocket-Protocol": "parley.v1" }]) {
        const all = { ...headers, ...offer };
        const response = await shakeHands(server, { headers: all });
        expect(response.status).toBe(403);
        expect(codeOf(response)).toBe("origin_not_allowed");
      }
    },
  );

  test("PARLEY_ORIGINS lets further pages in, compared whole", async () => {
    await using open = await startTestServer({
      PARLEY_ORIGINS: "https://team.example, http://localhost:5173",
    });
    const answers: Record<string, number> = {
      "https://team.example": 101,
      "http://localhost:5173": 101,
      "https://team.example.evil": 403,
      "http://team.example": 403,
      [open.url]: 101,
    };
    for (const [Origin, expected] of Object.entries(answers)) {
      const { status } = await shakeHands(open, { headers: { Origin } });
      expect(`${Origin} ${status}`).toBe(`${Origin} ${expected}`);
    }
  });

  test("with PARLEY_URL only that origin is the own one", async () => {
    await using named = await startTestServer({
      PARLEY_URL: "https://chat.example.org",
    });
    const headers = { Origin: "https://chat.example.org" };
    expect((await shakeHands(named, { headers })).status).toBe(101);
    const byAddress = { Origin: named.url };
    const refused = await shakeHands(named, { headers: byAddress });
    expect(refused.status).toBe(403);
  });
});

describe("sessions", () => {
  const name = "parley_sid";
  const unknown = "A".repeat(43);
  const cookies: Record<string, string | string[] | undefined> = {
    "none at all": undefined,
    "an unknown secret": `${name}=${unknown}`,
    "an empty one": `${name}=`,
    "a quoted one": `${name}="${unknown}"`,
    "one of 8 KiB": `${name}=${"A".repeat(8192)}`,
    "an object's key": `${name}=__proto__`,
    "SQL in it": `${name}=' or 1=1; --`,
    "another name": `x${name}=${unknown}`,
  };
  test.each(Object.entries(cookies))(
    "[H15] [H16] without a session it opens, and is closed with 4001 unread: %s",
    async (_, Cookie) => {
      const headers = { "Sec-WebSocket-Protocol": "parley.v1", Cookie };
      const socket = await RawSocket.upgrade(server, headers);
      const { code, reason } = await socket.closing();
      expect({ code, reason }).toEqual({
        code: 4001,
        reason: "unauthenticated",
      });
      socket.close();
    },
  );

  test("[H16] two cookies of our name are no session, even when both are good", async () => {
    const { cookie } = await joinAs(server, "Ann");
    const Cookie = `${cookie}; ${cookie}`;
    const headers = { "Sec-WebSocket-Protocol": "parley.v1", Cookie };
    const socket = await RawSocket.upgrade(server, headers);
    expect((await socket.closing()).code).toBe(4001);
    socket.close();
  });

  test("[H16] a good cookie among 100 others is found", async () => {
    const { cookie } = await joinAs(server, "Ann");
    const others = Array.from({ length: 100 }, (_, n) => `c${n}=${n}`);
    const socket = await TestSocket.open(server, {
      cookie: [...others.slice(50), cookie, ...others.slice(0, 50)].join("; "),
      protocols: ["parley.v1"],
    });
    expect(
      await socket.ask({ type: "hello", id: 1, cursors: {} }),
    ).toMatchObject({ type: "welcome" });
    socket.close();
  });

  test("[H16] NUL in a cookie is 400 (Bun)", async () => {
    const headers = { Cookie: `${name}=\0` };
    expect((await shakeHands(server, { headers })).status).toBe(400);
  });

  test("[H15] [A-2] a session that has ended opens nothing", async () => {
    const guest = await joinAs(server, "Ann");
    await fetch(`${server.url}/api/leave`, {
      method: "POST",
      headers: { "content-type": "application/json", cookie: guest.cookie },
      body: "{}",
    });
    const socket = await TestSocket.open(server, {
      cookie: guest.cookie,
      protocols: ["parley.v1"],
    });
    expect((await socket.closed).code).toBe(4001);
  });
});
