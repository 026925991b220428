import { ParleyError } from "@parley/protocol";
import { expect, test } from "bun:test";
import { failureOf } from "./testing/failure-of.ts";
import { NetworkError } from "./errors.ts";
import { joinServer, leaveServer, serverInfo, whoAmI } from "./account-api.ts";
import { createModelServer } from "./testing/model-server.ts";
import { answering, refused } from "./testing/answering.ts";
import { createWire } from "./testing/wire.ts";

const url = "https://chat.example";

test("joining gives the person, from a JSON request to the origin", async () => {
  const me = { id: "u_1", name: "Ann", kind: "guest", email: "a@b.example" };
  const { env, asked } = answering({
    status: 200,
    text: JSON.stringify({ me }),
  });
  const who = { email: "a@b.example", name: "Ann" };
  expect(await joinServer(url, who, env)).toEqual(me as never);
  expect(asked).toEqual([
    { method: "POST", url: `${url}/api/join`, body: JSON.stringify(who) },
  ]);
});

test("a refusal is a ParleyError with the server's words and wait", async () => {
  const { env } = answering(
    refused(429, "rate_limited", { retryAfterMs: 900 }),
  );
  const failed = await failureOf(serverInfo(url, env));
  expect(failed).toBeInstanceOf(ParleyError);
  expect(failed).toMatchObject({
    code: "rate_limited",
    message: "No.",
    retryAfterMs: 900,
    retryable: true,
  });
});

test("a refusal that this version has no word for keeps the server's sentence", async () => {
  const { env } = answering(refused(418, "teapot"));
  const who = { email: "a@b.example", name: "Ann" };
  expect(await failureOf(joinServer(url, who, env))).toMatchObject({
    code: "invalid_value",
    message: "No.",
  });
});

test("no answer, and an answer that is not from Parley, is no connection", async () => {
  for (const answer of [
    { status: 0, text: "" },
    { status: 502, text: "<h1>Bad Gateway</h1>" },
    { status: 200, text: "<h1>Sign in to this Wi-Fi</h1>" },
    { status: 500, text: "null" },
  ]) {
    const { env } = answering(answer);
    expect(await failureOf(whoAmI(url, env))).toBeInstanceOf(NetworkError);
  }
});

test("who is not signed in is nobody, not an error", async () => {
  const { env } = answering(refused(401, "unauthenticated"));
  expect(await whoAmI(url, env)).toBeNull();
});

test("leaving says so to the server", async () => {
  const { env, asked } = answering({ status: 200, text: "{}" });
  await leaveServer(url, env);
  expect(asked[0]).toMatchObject({ method: "POST", url: `${url}/api/leave` });
});

test("an answer that does not come within 15 s is no connection", async () => {
  const wire = createWire(createModelServer());
  const { env } = wire.device("u_Ann0000000");
  let isCancelled = false;
  const asking = serverInfo(url, {
    ...env,
    fetch: () => () => {
      isCancelled = true;
    },
  });
  wire.advance(15_000);
  expect(await failureOf(asking)).toMatchObject({ code: "no_connection" });
  expect(isCancelled).toBe(true);
});
