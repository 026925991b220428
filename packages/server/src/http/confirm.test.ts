import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { askHttp, expectRefusal } from "../testing/ask-http.ts";
import { generous } from "../testing/generous.ts";
import {
  startTestServer,
  type TestServer,
} from "../testing/start-test-server.ts";
import { accountAs, goodPassword } from "../testing/test-account.ts";
import { joinAs } from "../testing/test-guest.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer(generous);
});
afterAll(() => server[Symbol.asyncDispose]());

describe("showing the password once more", () => {
  test("confirms the session: what asks for it may then be done", async () => {
    const eve = await accountAs(server, "Eve");
    const { cookie } = eve;
    const confirm = (password: string) =>
      askHttp(server, "/api/confirm", { cookie, body: { password } });
    expectRefusal(await confirm("wrong horse battery"), "wrong_password");
    expect(await confirm(eve.password)).toMatchObject({
      status: 200,
      json: {},
    });
  });

  test("[T36] has five wrong tries as well: a stolen cookie is no way to guess", async () => {
    const { cookie } = await accountAs(server, "Fred");
    const confirm = () =>
      askHttp(server, "/api/confirm", { cookie, body: { password: "wrong" } });
    for (let index = 0; index < 5; index += 1) {
      expectRefusal(await confirm(), "wrong_password");
    }
    expect((await confirm()).status).toBe(429);
  });

  test("is nothing that a guest can do, and nothing without a session", async () => {
    const { cookie } = await joinAs(server, "Guest");
    const body = { password: goodPassword };
    const path = "/api/confirm";
    expectRefusal(await askHttp(server, path, { cookie, body }), "forbidden");
    expectRefusal(await askHttp(server, path, { body }), "unauthenticated");
  });
});
