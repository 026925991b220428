import { describe, expect, test } from "bun:test";
import { askHttp } from "../testing/ask-http.ts";
import { shakeHands } from "../testing/shake-hands.ts";
import {
  startTestServer,
  type TestServer,
} from "../testing/start-test-server.ts";

// Two per address and then one an hour: the third shows by which address a
// request is counted.
const strict = {
  PARLEY_JOIN_RATE: "1/h burst 2",
  PARLEY_HANDSHAKE_RATE: "1/h burst 2",
};

async function join(
  server: TestServer,
  headers: Record<string, string>,
): Promise<number> {
  const body = { email: "ann@example.org", name: "Ann" };
  return (await askHttp(server, "/api/join", { body, headers })).status;
}

async function open(server: TestServer, forwardedFor: string): Promise<number> {
  const headers = { "X-Forwarded-For": forwardedFor };
  return (await shakeHands(server, { headers })).status;
}

/** What a row of requests is answered, one after the other. */
async function inTurn(
  chains: readonly string[],
  ask: (chain: string) => Promise<number>,
): Promise<number[]> {
  const answers: number[] = [];
  for (const chain of chains) answers.push(await ask(chain));
  return answers;
}

describe("[T50] behind a proxy that is listed", () => {
  const chains = [
    "203.0.113.1",
    "1.2.3.4, 203.0.113.1",
    // Whatever is claimed on the left, the right-most stays who it is.
    "9.9.9.9, 203.0.113.1",
    "203.0.113.2",
    "203.0.113.1, 10.1.2.3",
    "2001:db8:1:2::1",
    "2001:db8:1:2::2",
    // One machine often has a whole /64.
    "[2001:db8:1:2:3::3]:50000",
  ];

  test("requests count by the right-most address that is none of the proxies", async () => {
    await using server = await startTestServer({
      ...strict,
      PARLEY_TRUSTED_PROXIES: "127.0.0.0/8, 10.0.0.0/8",
    });
    const ask = (chain: string) => join(server, { "x-forwarded-for": chain });
    const answers = await inTurn(chains, ask);
    expect(answers).toEqual([200, 200, 429, 200, 429, 200, 200, 429]);
  });

  test("so do WebSockets", async () => {
    await using server = await startTestServer({
      ...strict,
      PARLEY_TRUSTED_PROXIES: "127.0.0.1,10.0.0.0/8",
    });
    const answers = await inTurn(chains, (chain) => open(server, chain));
    expect(answers).toEqual([101, 101, 429, 101, 429, 101, 101, 429]);
  });

  test("without the header, or with nonsense in it, it is the proxy's own", async () => {
    await using server = await startTestServer({
      ...strict,
      PARLEY_TRUSTED_PROXIES: "127.0.0.1",
    });
    expect(await join(server, {})).toBe(200);
    const nonsense = ["unknown", "203.0.113.1, ::::"];
    const ask = (chain: string) => join(server, { "x-forwarded-for": chain });
    expect(await inTurn(nonsense, ask)).toEqual([200, 429]);
  });
});

describe("[T50] [Q22] from anybody else", () => {
  const claims = ["203.0.113.1", "203.0.113.2", "203.0.113.3"];

  test("the header is ignored, over HTTP and for WebSockets", async () => {
    await using server = await startTestServer({
      ...strict,
      PARLEY_TRUSTED_PROXIES: "10.0.0.0/8",
    });
    const ask = (chain: string) => join(server, { "x-forwarded-for": chain });
    expect(await inTurn(claims, ask)).toEqual([200, 200, 429]);
    expect(await inTurn(claims, (one) => open(server, one))).toEqual([
      ...[101, 101, 429],
    ]);
  });

  test("so are its relatives, also from a listed proxy", async () => {
    await using server = await startTestServer({
      ...strict,
      PARLEY_TRUSTED_PROXIES: "127.0.0.1",
    });
    const answers = await inTurn(claims, (address) =>
      join(server, {
        ...{ "x-real-ip": address, forwarded: `for=${address}` },
        ...{ "true-client-ip": address, "cf-connecting-ip": address },
        ...{ "x-forwarded-proto": "https", "x-original-url": "/api/leave" },
      }),
    );
    expect(answers).toEqual([200, 200, 429]);
  });
});
