import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { askHttp } from "../testing/ask-http.ts";
import { generous } from "../testing/generous.ts";
import { RawSocket } from "../testing/raw-socket.ts";
import {
  startTestServer,
  type TestServer,
} from "../testing/start-test-server.ts";
import { temporaryFolder } from "../testing/temporary-folder.ts";
import { joinAs } from "../testing/test-guest.ts";

const contentSecurityPolicy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'; require-trusted-types-for 'script'; trusted-types vue parley";

/** T16, T17. */
const everywhere = {
  "content-security-policy": contentSecurityPolicy,
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "permissions-policy":
    "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
};

const webFolder = temporaryFolder();
let server: TestServer;
beforeAll(async () => {
  mkdirSync(path.join(webFolder, "assets"));
  writeFileSync(path.join(webFolder, "index.html"), "<!doctype html>");
  writeFileSync(path.join(webFolder, "assets/a-1.js"), "export {};");
  server = await startTestServer(generous, { webFolder });
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  rmSync(webFolder, { recursive: true, force: true });
});

describe("[T16] [T17] the headers of every answer", () => {
  const answers: [number, string, string][] = [
    [200, "GET", "/"],
    [200, "GET", "/r/r_abcdefghij"],
    [200, "GET", "/assets/a-1.js"],
    [200, "GET", "/healthz"],
    [200, "GET", "/livez"],
    [200, "GET", "/api/server"],
    [200, "GET", "/api/openapi.json"],
    [401, "GET", "/api/me"],
    [400, "GET", "/api/me?token=x"],
    [404, "GET", "/nothing/here"],
    [404, "POST", "/api/nope"],
    [405, "POST", "/api/me"],
    [405, "POST", "/"],
    [414, "GET", `/${"x".repeat(4_000)}`],
    [415, "POST", "/api/join"],
  ];
  for (const [status, method, target] of answers) {
    test(`${status} ${method} ${target.slice(0, 30)}`, async () => {
      const answer = await askHttp(server, target, { method });
      expect(answer.status).toBe(status);
      expect(Object.fromEntries(answer.headers)).toMatchObject(everywhere);
      expect(answer.headers.has("server")).toBe(false);
      expect(answer.headers.has("x-powered-by")).toBe(false);
    });
  }

  test("400 for a host that is none", async () => {
    const socket = await RawSocket.connect(server);
    socket.write("GET / HTTP/1.1\r\nHost: a b<>\r\n\r\n");
    const { status, headers } = await socket.response();
    socket.close();
    expect(status).toBe(400);
    expect(Object.fromEntries(headers)).toMatchObject(everywhere);
  });

  test("304", async () => {
    const { headers } = await askHttp(server, "/");
    const again = await askHttp(server, "/", {
      headers: { "if-none-match": headers.get("etag") ?? "" },
    });
    expect(again.status).toBe(304);
    expect(Object.fromEntries(again.headers)).toMatchObject(everywhere);
  });

  test("429", async () => {
    await using strict = await startTestServer({
      PARLEY_JOIN_RATE: "1/h burst 1",
    });
    await joinAs(strict, "Ann");
    const answer = await askHttp(strict, "/api/join", {
      body: { email: "a@b", name: "Ann" },
    });
    expect(answer.status).toBe(429);
    expect(Object.fromEntries(answer.headers)).toMatchObject(everywhere);
  });
});

test("[T52] what the API answers is kept by nobody", async () => {
  const { cookie } = await joinAs(server, "Ann");
  for (const path of ["/api/me", "/api/rooms", "/api/server", "/api/nope"]) {
    const { headers } = await askHttp(server, path, { cookie });
    expect(headers.get("cache-control")).toBe("no-store");
  }
});

test("[T17] over plain http no browser is told to insist on https", async () => {
  const { headers } = await askHttp(server, "/");
  expect(headers.has("strict-transport-security")).toBe(false);
});
