import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { askHttp, expectRefusal } from "../testing/ask-http.ts";
import { generous } from "../testing/generous.ts";
import {
  startTestServer,
  type TestServer,
} from "../testing/start-test-server.ts";
import { joinAs } from "../testing/test-guest.ts";

const body = { email: "ann@example.org", name: "Ann" };

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({
    ...generous,
    PARLEY_ORIGINS: "https://intranet.example",
  });
});
afterAll(() => server[Symbol.asyncDispose]());

const joinWith = (headers: Record<string, string>) =>
  askHttp(server, "/api/join", { body, headers });

describe("[T2] a change asked for by another site's page is refused", () => {
  const foreign: Record<string, string>[] = [
    { origin: "https://evil.example" },
    { origin: "null" },
    { origin: "http://127.0.0.1.evil.example" },
    { origin: "http://127.0.0.1" },
    { origin: "https://evil.example", "sec-fetch-site": "same-origin" },
    { "sec-fetch-site": "cross-site" },
    { "sec-fetch-site": "same-site" },
    { "sec-fetch-site": "nonsense" },
  ];
  for (const headers of foreign) {
    test(`with ${JSON.stringify(headers)}: csrf`, async () => {
      expectRefusal(await joinWith(headers), "csrf");
    });
  }

  test("and ends no session", async () => {
    const guest = await joinAs(server, "Ann");
    const answer = await askHttp(server, "/api/leave", {
      ...{ cookie: guest.cookie, body: {} },
      headers: { origin: "https://evil.example" },
    });
    expectRefusal(answer, "csrf");
    expect((await askHttp(server, "/api/me", guest)).status).toBe(200);
  });
});

describe("the own page, an allowed one, and programs that are no browser may", () => {
  test("with their Origin, with Sec-Fetch-Site, or with neither", async () => {
    const own = [
      {},
      { origin: server.url },
      { origin: server.url.replace("http:", "https:") },
      { origin: "https://intranet.example", "sec-fetch-site": "cross-site" },
      { "sec-fetch-site": "same-origin" },
      { "sec-fetch-site": "none" },
    ];
    for (const headers of own) {
      expect((await joinWith(headers)).status).toBe(200);
    }
  });
});

test("[Q23] nobody is ever told by CORS headers that they may read", async () => {
  const origin = "https://evil.example";
  const preflight = await askHttp(server, "/api/me", {
    method: "OPTIONS",
    headers: { origin, "access-control-request-method": "POST" },
  });
  const read = await askHttp(server, "/api/server", { headers: { origin } });
  for (const { headers } of [preflight, read]) {
    const cors = [...headers.keys()].filter((name) =>
      name.startsWith("access-control-"),
    );
    expect(cors).toEqual([]);
  }
  expect(preflight.status).toBeGreaterThanOrEqual(400);
});

test("[T2] a form cannot join or leave: its types are not JSON", async () => {
  const { cookie } = await joinAs(server, "Ann");
  const types = [
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
  ];
  for (const type of types) {
    for (const path of ["/api/join", "/api/leave"]) {
      const answer = await askHttp(server, path, {
        ...{ cookie, body: JSON.stringify(body) },
        headers: { "content-type": type },
      });
      expectRefusal(answer, "unsupported_type");
    }
  }
});

test("[T2] nothing changes by GET: joining and leaving answer 405 and say what they take", async () => {
  for (const path of ["/api/join", "/api/leave"]) {
    const answer = await askHttp(server, path);
    expectRefusal(answer, "method_not_allowed");
    expect(answer.headers.get("allow")).toBe("POST");
  }
});
