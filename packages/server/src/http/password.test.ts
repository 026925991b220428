import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { ErrorCode } from "@parley/protocol";
import {
  askHttp,
  expectRefusal,
  type HttpAnswer,
} from "../testing/ask-http.ts";
import { enter } from "../testing/enter.ts";
import { generous } from "../testing/generous.ts";
import {
  startTestServer,
  type TestServer,
} from "../testing/start-test-server.ts";
import {
  accountAs,
  cookiesOf,
  goodPassword,
  signIn,
} from "../testing/test-account.ts";
import { joinAs } from "../testing/test-guest.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer(generous);
});
afterAll(() => server[Symbol.asyncDispose]());

const isSignedIn = async (cookie: string): Promise<boolean> =>
  (await askHttp(server, "/api/me", { cookie })).status === 200;

describe("changing the password", () => {
  const next = "another horse battery";
  const changePassword = (cookie: string, body: object): Promise<HttpAnswer> =>
    askHttp(server, "/api/password", { cookie, body });

  test("[A-2] ends all other sessions and their sockets, and gives this one a new secret", async () => {
    const paul = await accountAs(server, "Paul", { username: "paul" });
    const elsewhere = cookiesOf(await signIn(server, "paul", goodPassword));
    const guest = { me: paul.me, cookie: elsewhere.cookie };
    const { socket } = await enter(server, "", { guest });
    const begun = performance.now();
    const body = { current: goodPassword, password: next };
    const answer = await changePassword(paul.cookie, body);
    expect(answer).toMatchObject({ status: 200, json: {} });
    expect((await socket.closed).code).toBe(4003);
    expect(performance.now() - begun).toBeLessThan(2_000);
    expect(await isSignedIn(elsewhere.cookie)).toBe(false);
    expect(await isSignedIn(paul.cookie)).toBe(false);
    expect(await isSignedIn(cookiesOf(answer).cookie)).toBe(true);
    expectRefusal(await signIn(server, "paul", goodPassword), "wrong_password");
    expect((await signIn(server, "paul", next)).status).toBe(200);
  });

  const refused: [string, object, ErrorCode][] = [
    [
      "a wrong one before",
      { current: "wrong horse battery", password: next },
      "wrong_password",
    ],
    [
      "a weak one",
      { current: goodPassword, password: "short" },
      "weak_password",
    ],
    ["none before", { password: next }, "missing_field"],
    ["an empty one before", { current: "", password: next }, "invalid_value"],
  ];
  for (const [what, body, code] of refused) {
    test(`with ${what}: ${code}, and everything stays`, async () => {
      const { cookie, username } = await accountAs(server, `Stay ${what}`);
      expectRefusal(await changePassword(cookie, body), code);
      expect(await isSignedIn(cookie)).toBe(true);
      expect((await signIn(server, username, goodPassword)).status).toBe(200);
    });
  }

  test("is nothing for a guest", async () => {
    const { cookie } = await joinAs(server, "Guest");
    const body = { current: goodPassword, password: next };
    expectRefusal(await changePassword(cookie, body), "forbidden");
  });

  test("of two changes at once one happens", async () => {
    const { cookie } = await accountAs(server, "Quinn");
    const answers = await Promise.all(
      ["first horse battery", "second horse battery"].map((password) =>
        changePassword(cookie, { current: goodPassword, password }),
      ),
    );
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 401]);
  });
});
