import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { askHttp, expectRefusal } from "../testing/ask-http.ts";
import { generous } from "../testing/generous.ts";
import {
  startTestServer,
  type TestServer,
} from "../testing/start-test-server.ts";
import { joinAs, roomsOf } from "../testing/test-guest.ts";
import { TestSocket } from "../testing/test-socket.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer(generous);
});
afterAll(() => server[Symbol.asyncDispose]());

/** Every address that needs a session, with parameters that would be fine. */
const forMembers = [
  "/api/me",
  "/api/rooms",
  "/api/directory",
  "/api/people?ids=u_abcdefghij",
  "/api/people/u_abcdefghij/avatar",
  "/api/streams/r_abcdefghij/messages",
  "/api/streams/r_abcdefghij/members",
];

describe("without a session", () => {
  for (const path of forMembers) {
    test(`${path} is unauthenticated`, async () => {
      expectRefusal(await askHttp(server, path), "unauthenticated");
    });
  }

  test("leaving is unauthenticated", async () => {
    const answer = await askHttp(server, "/api/leave", { body: {} });
    expectRefusal(answer, "unauthenticated");
  });

  /** What everybody may know before they come in. */
  const told = {
    ...{ name: "Parley", joinMode: "open", language: "auto" },
    ...{ roomsBy: "everybody", isClaimed: false, passwordLength: 15 },
  };

  test("what the place is called and how one comes in is told to everybody, and nothing else", async () => {
    const { status, json } = await askHttp(server, "/api/server");
    expect(status).toBe(200);
    expect(json).toEqual({ ...told, me: null });
    expect(JSON.stringify(json)).not.toContain(server.folder);
  });

  test("whoever is signed in is told who they are in the same answer", async () => {
    const { cookie, me } = await joinAs(server, "Ann");
    const { json } = await askHttp(server, "/api/server", { cookie });
    expect(json).toEqual({ ...told, me });
  });

  const odd: [string, string][] = [
    ["two cookies of our name", "parley_sid=TOKEN; parley_sid=TOKEN"],
    ["a token cut short", "parley_sid=abc"],
    ["a quoted token", 'parley_sid="TOKEN"'],
    ["an empty token", "parley_sid="],
    ["a token with a line of SQL", "parley_sid=' or 1=1 --"],
    ["the https name on http", "__Host-sid=TOKEN"],
    ["a token of 4,000 characters", `parley_sid=${"a".repeat(4_000)}`],
  ];
  for (const [what, cookie] of odd) {
    test(`[H16] ${what} is no session, never a mistake of the server`, async () => {
      const guest = await joinAs(server, "Ann");
      const token = guest.cookie.slice("parley_sid=".length);
      const answer = await askHttp(server, "/api/me", {
        cookie: cookie.replaceAll("TOKEN", token),
      });
      expectRefusal(answer, "unauthenticated");
    });
  }

  test("[H16] a hundred other cookies do not hide ours", async () => {
    const { cookie } = await joinAs(server, "Ann");
    const many = Array.from({ length: 100 }, (_, index) => `c${index}=x`);
    const all = [...many, cookie].join("; ");
    const answer = await askHttp(server, "/api/me", { cookie: all });
    expect(answer.status).toBe(200);
  });

  test("[T4] a session in the address is refused, wherever", async () => {
    for (const path of ["/api/me?token=abc", "/?token=", "/api/nope?token=1"]) {
      expectRefusal(await askHttp(server, path), "token_in_url");
    }
  });
});

describe("leaving", () => {
  test("[A-2] ends the session at once: HTTP says 401, the socket closes with 4003, the cookie is taken back", async () => {
    const guest = await joinAs(server, "Ann");
    const socket = await TestSocket.open(server, {
      cookie: guest.cookie,
      protocols: ["parley.v1"],
    });
    socket.send({ type: "hello", id: 1, cursors: {} });
    await socket.next(({ type }) => type === "ready");

    const answer = await askHttp(server, "/api/leave", {
      cookie: guest.cookie,
      body: {},
    });
    expect(answer).toMatchObject({ status: 200, json: {} });
    expect(answer.headers.get("set-cookie")).toBe(
      "parley_sid=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0",
    );
    // T60: nothing of theirs stays in the browser.
    expect(answer.headers.get("clear-site-data")).toBe('"cache", "storage"');
    expect((await socket.closed).code).toBe(4003);
    expectRefusal(await askHttp(server, "/api/me", guest), "unauthenticated");
    const again = { cookie: guest.cookie, body: {} };
    expectRefusal(
      await askHttp(server, "/api/leave", again),
      "unauthenticated",
    );
  });

  test("takes a guest out of the rooms they were in, for everybody to see", async () => {
    const ann = await joinAs(server, "Ann");
    const ben = await joinAs(server, "Ben");
    const lobby = (await roomsOf(server, ann)).rooms[0]?.stream ?? "";
    const count = async (): Promise<number> => {
      const path = `/api/streams/${lobby}/members`;
      const { json } = await askHttp(server, path, ann);
      return (json as { count: number }).count;
    };
    const before = await count();
    await askHttp(server, "/api/leave", { cookie: ben.cookie, body: {} });
    expect(await count()).toBe(before - 1);
  });

  test("[T9] takes no fields", async () => {
    const { cookie } = await joinAs(server, "Ann");
    const answer = await askHttp(server, "/api/leave", {
      cookie,
      body: { everybody: true },
    });
    expectRefusal(answer, "unknown_field");
  });
});

test("how often one person may ask is limited, with the time to wait", async () => {
  await using strict = await startTestServer({
    PARLEY_REQUEST_RATE: "1/min burst 3",
  });
  const guest = await joinAs(strict, "Ann");
  const other = await joinAs(strict, "Ben");
  for (let asked = 0; asked < 3; asked += 1) {
    expect((await askHttp(strict, "/api/me", guest)).status).toBe(200);
  }
  const late = await askHttp(strict, "/api/me", guest);
  expect(late.status).toBe(429);
  expect(late.json).toMatchObject({ error: { code: "rate_limited" } });
  expect(Number(late.headers.get("retry-after"))).toBeWithin(1, 61);
  expect((await askHttp(strict, "/api/me", other)).status).toBe(200);
});
