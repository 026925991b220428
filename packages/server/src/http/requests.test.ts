import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { ErrorCode } from "@parley/protocol";
import { askHttp, expectRefusal } from "../testing/ask-http.ts";
import { generous } from "../testing/generous.ts";
import { RawSocket, type RawResponse } from "../testing/raw-socket.ts";
import {
  startTestServer,
  type TestServer,
} from "../testing/start-test-server.ts";
import { joinAs } from "../testing/test-guest.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer(generous);
});
afterAll(() => server[Symbol.asyncDispose]());

/** Sends these bytes on a connection of their own; the first answer to them. */
async function raw(request: string): Promise<RawResponse> {
  const socket = await RawSocket.connect(server);
  socket.write(request);
  const response = await socket.response();
  socket.close();
  return response;
}

function head(first: string, lines: string[] = []): string {
  const host = `Host: 127.0.0.1:${server.port}`;
  return [first, host, ...lines, "", ""].join("\r\n");
}

function codeOf({ body }: RawResponse): unknown {
  const { error } = JSON.parse(body) as { error?: { code?: unknown } };
  return error?.code;
}

test("[T48] searches among all people are limited per person", async () => {
  await using own = await startTestServer({
    ...{ ...generous, PARLEY_SEARCH_RATE: "1/h burst 2" },
  });
  const { cookie } = await joinAs(own, "Ann");
  const search = () => askHttp(own, "/api/people/search?query=a", { cookie });
  expect([(await search()).status, (await search()).status]).toEqual([
    200, 200,
  ]);
  expect((await search()).status).toBe(429);
  const other = await joinAs(own, "Ben");
  const answer = await askHttp(own, "/api/people/search", other);
  expect(answer.status).toBe(200);
});

describe("routes and methods", () => {
  test("[Q1] an address that nobody knows is not_found, by any method", async () => {
    for (const path of ["/api", "/api/", "/api/nope", "/nope", "/api/me/x"]) {
      for (const method of ["GET", "POST", "DELETE"]) {
        expectRefusal(await askHttp(server, path, { method }), "not_found");
      }
    }
  });

  const methods: [string, string, string][] = [
    ["/api/me", "POST", "GET, PATCH, HEAD"],
    ["/api/me", "DELETE", "GET, PATCH, HEAD"],
    ["/api/setup", "GET", "POST"],
    ["/api/admin/settings", "POST", "GET, PATCH, HEAD"],
    ["/api/join", "PUT", "POST"],
    ["/api/streams/r_abcdefghij/messages", "POST", "GET, HEAD"],
    ["/api/people/u_abcdefghij/avatar", "PATCH", "GET, HEAD"],
    ["/api/openapi.json", "POST", "GET, HEAD"],
    ["/healthz", "POST", "GET, HEAD"],
    ["/api/rooms", "OPTIONS", "GET, HEAD"],
  ];
  for (const [path, method, allow] of methods) {
    test(`[Q1] ${method} ${path} is method_not_allowed, Allow: ${allow}`, async () => {
      const answer = await askHttp(server, path, { method });
      expectRefusal(answer, "method_not_allowed");
      expect(answer.headers.get("allow")).toBe(allow);
    });
  }

  test("HEAD answers like GET, without the body", async () => {
    const answer = await askHttp(server, "/api/server", { method: "HEAD" });
    expect(answer.status).toBe(200);
    expect(answer.text).toBe("");
    expect(answer.headers.get("content-security-policy")).toContain("'none'");
  });

  test("[H23] TRACE is not echoed", async () => {
    const answer = await raw(head("TRACE /api/me HTTP/1.1", ["Cookie: a=b"]));
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.body).not.toContain("Cookie");
  });
});

describe("addresses and hosts", () => {
  test("[Q8] [H23] an address beyond 2 KiB is uri_too_long, on every route", async () => {
    const long = "x".repeat(8_192);
    for (const path of [`/api/me?${long}`, `/${long}`, `/api/${long}`]) {
      expectRefusal(await askHttp(server, path), "uri_too_long");
    }
    expect(
      (await askHttp(server, `/api/server?${"x".repeat(1_900)}`)).status,
    ).toBe(200);
  });

  const hosts: [string, string[], number][] = [
    ["two Host headers", ["Host: localhost", "Host: evil.example"], 400],
    ["two hosts in one header", ["Host: localhost, evil.example"], 400],
    ["a host that is none", ["Host: a b<>"], 400],
    ["no host in HTTP/1.1", [], 400],
    ["another name for this server", ["Host: evil.example"], 200],
  ];
  for (const [what, lines, status] of hosts) {
    test(`[H22] [T50] ${what}: ${status}`, async () => {
      const request = ["GET /api/server HTTP/1.1", ...lines, "", ""];
      const answer = await raw(request.join("\r\n"));
      expect(answer.status).toBe(status);
      expect(answer.body).not.toContain("evil.example");
    });
  }

  test("[Q25] HTTP/1.0 without a host: 400, with the headers of every answer", async () => {
    const answer = await raw("GET /api/server HTTP/1.0\r\n\r\n");
    expect(answer.status).toBe(400);
    expect(codeOf(answer)).toBe("invalid_query");
    expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
  });

  test("[H22] an answer never depends on the host that was claimed", async () => {
    const claimed = (host: string) =>
      raw(`GET /api/server HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
    const one = await claimed("chat.example");
    const other = await claimed("evil.example:99");
    expect(other.body).toBe(one.body);
  });

  test("[Q25] a hundred requests in one packet are answered in their order", async () => {
    const socket = await RawSocket.connect(server);
    const paths = Array.from({ length: 100 }, (_, index) =>
      index % 2 === 0 ? "/api/server" : "/api/nope",
    );
    socket.write(paths.map((path) => head(`GET ${path} HTTP/1.1`)).join(""));
    for (const path of paths) {
      const { status } = await socket.response();
      expect(status).toBe(path === "/api/server" ? 200 : 404);
    }
    socket.close();
  });

  const broken: [string, string, number][] = [
    ["a space in a header's name", "X Y: 1", 400],
    ["a NUL in a header's value", "X-A: a\0b", 400],
    ["a header of 20 KiB", `X-A: ${"x".repeat(20_480)}`, 431],
  ];
  for (const [what, line, status] of broken) {
    test(`[Q6] [H7] ${what} is answered ${status} by Bun, and the next request is served`, async () => {
      const request = head("GET /api/server HTTP/1.1", [line]);
      expect((await raw(request)).status).toBe(status);
      expect((await askHttp(server, "/api/server")).status).toBe(200);
    });
  }

  test("[H26] what is no HTTP at all is closed, and the next request is served", async () => {
    const preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    const tls = "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03";
    for (const bytes of [preface, `${tls}\r\n\r\n`, "\0".repeat(4_096)]) {
      const socket = await RawSocket.connect(server);
      socket.write(bytes);
      const { status } = await socket.response();
      expect([0, 400, 505]).toContain(status);
      socket.close();
    }
    expect((await askHttp(server, "/api/server")).status).toBe(200);
  });

  test("[Q24] odd Accept-Encoding and Accept-Language change nothing", async () => {
    const headers = {
      "accept-encoding": "gzip;q=-1, *;q=x, ;;;",
      "accept-language": "x".repeat(8_000),
    };
    const { status, json } = await askHttp(server, "/api/server", { headers });
    expect(status).toBe(200);
    expect(json).toMatchObject({ name: "Parley" });
  });
});

describe("[Q9] ids in the path", () => {
  const odd = [
    "1;drop",
    "%00",
    "..%2f..%2fetc%2fpasswd",
    "r_%3Cscript%3E",
    "１２",
    "r_１２３４５６",
    "inbox",
    "r_abcdefghij%20",
    "r_abcdefghij'--",
    "__proto__",
    "%ff",
    "%E0%A4%A",
    "9".repeat(1_000),
  ];
  for (const id of odd) {
    test(`${id.slice(0, 40)} is not_found, as a room and as a person`, async () => {
      const { cookie } = await joinAs(server, "Ann");
      const paths = [
        `/api/streams/${id}/messages`,
        `/api/streams/${id}/members`,
        `/api/people/${id}/avatar`,
      ];
      for (const path of paths) {
        expectRefusal(await askHttp(server, path, { cookie }), "not_found");
      }
    });
  }

  test("one of 10,000 digits is uri_too_long", async () => {
    const path = `/api/streams/${"9".repeat(10_000)}/messages`;
    const code: ErrorCode = "uri_too_long";
    expectRefusal(await askHttp(server, path), code);
  });
});

test("[Q26] health says a word, and nothing of version or load", async () => {
  for (const [path, word] of [
    ["/healthz", "ready"],
    ["/livez", "live"],
  ]) {
    const { status, text, headers } = await askHttp(server, path!);
    expect(status).toBe(200);
    expect(JSON.parse(text)).toEqual({ status: word });
    expect(headers.get("cache-control")).toBe("no-store");
  }
  for (const path of ["/metrics", "/debug", "/admin/people", "/api/admin"]) {
    expectRefusal(await askHttp(server, path), "not_found");
  }
  // The page itself is no secret; what it would show is.
  for (const path of ["/admin", "/setup"]) {
    const answer = await askHttp(server, path);
    expect(answer.text).toBe((await askHttp(server, "/")).text);
  }
});
