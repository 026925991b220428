import { expect, test } from "bun:test";
import { enter } from "../testing/enter.ts";
import { generous } from "../testing/generous.ts";
import { RawSocket } from "../testing/raw-socket.ts";
import { codeOf, shakeHands } from "../testing/shake-hands.ts";
import { startTestServer } from "../testing/start-test-server.ts";
import { joinAs } from "../testing/test-guest.ts";
import { TestSocket } from "../testing/test-socket.ts";

// How many connections there may be, and how fast they may come.

test("[T42] one person has so many connections; the new one is refused with 4100", async () => {
  await using small = await startTestServer({
    ...generous,
    PARLEY_CONNECTIONS_PER_PERSON_MAX: "2",
  });
  const guest = await joinAs(small, "Ann");
  const first = await enter(small, "", { guest });
  await enter(small, "", { guest });
  const third = await TestSocket.open(small, {
    cookie: guest.cookie,
    protocols: ["parley.v1"],
  });
  third.send({ type: "hello", id: 1, cursors: {} });
  expect(await third.closed).toEqual({ code: 4100, reason: "over_capacity" });
  // The two go on, others come in, and one that leaves makes room.
  expect(await first.say("hello")).toMatchObject({ type: "ok" });
  await enter(small, "Bob");
  await first.leave();
  await enter(small, "", { guest });
});

test("[T42] and no more when all are opened before the first says hello", async () => {
  await using small = await startTestServer({
    ...generous,
    PARLEY_CONNECTIONS_PER_PERSON_MAX: "2",
  });
  const { cookie } = await joinAs(small, "Ann");
  const protocols = ["parley.v1"];
  const sockets = await Promise.all(
    Array.from({ length: 6 }, () =>
      TestSocket.open(small, { cookie, protocols }),
    ),
  );
  const hello = { type: "hello", id: 1, cursors: {} };
  for (const socket of sockets) socket.send(hello);
  const outcomes = await Promise.all(
    sockets.map((socket) =>
      Promise.race([
        socket.next(({ type }) => type === "ready").then(() => "ready"),
        socket.closed.then(({ code }) => code),
      ]),
    ),
  );
  const isReady = (outcome: unknown): boolean => outcome === "ready";
  expect(outcomes.filter(isReady)).toHaveLength(2);
  expect(outcomes.filter((one) => one === 4100)).toHaveLength(4);
});

test("an address has so many connections without a session, and so many with one", async () => {
  await using small = await startTestServer({
    ...generous,
    PARLEY_ANONYMOUS_PER_ADDRESS_MAX: "2",
    PARLEY_CONNECTIONS_PER_ADDRESS_MAX: "3",
  });
  const { cookie: Cookie } = await joinAs(small, "Ann");
  for (const [headers, max] of [
    [{}, 2],
    // The simple wire shows no session: a cookie there lifts nothing.
    [{ Cookie: "parley_sid=made-up" }, 2],
    [{ Cookie, "Sec-WebSocket-Protocol": "parley.v1" }, 3],
  ] as const) {
    const sockets: RawSocket[] = [];
    for (let n = 0; n < max; n += 1) {
      sockets.push(await RawSocket.upgrade(small, headers));
    }
    const refused = await shakeHands(small, { headers });
    expect(refused.status).toBe(429);
    expect(codeOf(refused)).toBe("rate_limited");
    for (const socket of sockets) socket.close();
  }
});

test("[P19] the server has so many in all; more are told over_capacity", async () => {
  await using small = await startTestServer({
    ...generous,
    PARLEY_CONNECTIONS_MAX: "2",
  });
  const sockets = [
    await RawSocket.upgrade(small),
    await RawSocket.upgrade(small),
  ];
  const refused = await shakeHands(small);
  expect(refused.status).toBe(503);
  expect(codeOf(refused)).toBe("over_capacity");
  for (const socket of sockets) socket.close();
});

test("[T42] handshakes have a rate per address, apart for those with a session", async () => {
  await using small = await startTestServer({
    ...generous,
    PARLEY_HANDSHAKE_RATE: "1/min burst 3",
    PARLEY_RESUME_RATE: "1/min burst 5",
  });
  const { cookie: Cookie } = await joinAs(small, "Ann");
  for (const [headers, burst] of [
    [{}, 3],
    [{ Cookie, "Sec-WebSocket-Protocol": "parley.v1" }, 5],
  ] as const) {
    for (let n = 0; n < burst; n += 1) {
      expect((await shakeHands(small, { headers })).status).toBe(101);
    }
    // Saying that one comes from elsewhere does not help (T50).
    const elsewhere = { ...headers, "X-Forwarded-For": "192.0.2.1" };
    const { status, body } = await shakeHands(small, { headers: elsewhere });
    expect(status).toBe(429);
    const { error } = JSON.parse(body) as { error: Record<string, unknown> };
    expect(error).toMatchObject({ code: "rate_limited" });
    expect(error["retryAfterMs"]).toBeWithin(1, 60_001);
  }
});

test("PARLEY_LIMITS=off lifts them all", async () => {
  await using open = await startTestServer({
    PARLEY_LIMITS: "off",
    PARLEY_HANDSHAKE_RATE: "1/min burst 1",
    PARLEY_ANONYMOUS_PER_ADDRESS_MAX: "1",
    PARLEY_CONNECTIONS_MAX: "1",
  });
  const sockets = [];
  for (let n = 0; n < 5; n += 1) sockets.push(await RawSocket.upgrade(open));
  for (const socket of sockets) socket.close();
});
