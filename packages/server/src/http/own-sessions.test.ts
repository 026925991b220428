import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { newCid } from "../identifiers.ts";
import { askHttp, expectRefusal } from "../testing/ask-http.ts";
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
  type TestAccount,
} from "../testing/test-account.ts";
import { joinAs } from "../testing/test-guest.ts";

interface Listed {
  id: string;
  agent: string;
  createdAt: number;
  usedAt: number;
  current: boolean;
}

const firefox =
  "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer(generous);
});
afterAll(() => server[Symbol.asyncDispose]());

async function sessionsOf(cookie: string): Promise<Listed[]> {
  const { json } = await askHttp(server, "/api/sessions", { cookie });
  return (json as { sessions: Listed[] }).sessions;
}

/** Signs in once more, as from another browser. */
async function again({ username }: TestAccount): Promise<string> {
  const agent = { "user-agent": firefox };
  return cookiesOf(await signIn(server, username, goodPassword, agent)).cookie;
}

const end = (cookie: string, id: string) =>
  askHttp(server, `/api/sessions/${id}`, { cookie, method: "DELETE" });

const isSignedIn = async (cookie: string): Promise<boolean> =>
  (await askHttp(server, "/api/me", { cookie })).status === 200;

describe("the list of one's own sessions", () => {
  test("says of each which browser it is, since when, and which one asks", async () => {
    const ann = await accountAs(server, "Ann");
    const cookie = await again(ann);
    const listed = await sessionsOf(cookie);
    expect(listed).toHaveLength(2);
    const [current] = listed.filter((one) => one.current);
    expect(current).toEqual({
      id: expect.stringMatching(/^s_[0-9a-f]{16}$/) as string,
      agent: "Firefox on Linux",
      createdAt: expect.any(Number) as number,
      usedAt: expect.any(Number) as number,
      current: true,
    });
    expect(Date.now() - current!.createdAt).toBeWithin(-5_000, 60_000);
  });

  test("holds nothing that opens one, and nobody else's", async () => {
    const [ben, cleo] = [
      await accountAs(server, "Ben"),
      await accountAs(server, "Cleo"),
    ];
    const { text } = await askHttp(server, "/api/sessions", ben);
    expect(text).not.toContain(ben.cookie.slice("parley_sid=".length));
    const ids = (await sessionsOf(ben.cookie)).map(({ id }) => id);
    const others = (await sessionsOf(cleo.cookie)).map(({ id }) => id);
    expect(ids.filter((id) => others.includes(id))).toEqual([]);
  });

  test("is one for a guest, and none without a session", async () => {
    const { cookie } = await joinAs(server, "Guest");
    expect(await sessionsOf(cookie)).toHaveLength(1);
    expectRefusal(await askHttp(server, "/api/sessions"), "unauthenticated");
  });
});

describe("ending a session of one's own", () => {
  test("[A-2] closes its sockets within a second, and no other", async () => {
    const dora = await accountAs(server, "Dora");
    const there = await again(dora);
    const guest = { me: dora.me, cookie: there };
    const { socket } = await enter(server, "", { guest });
    const here = await enter(server, "", { guest: dora });
    const other = (await sessionsOf(dora.cookie)).find((one) => !one.current);
    const begun = performance.now();
    expect(await end(dora.cookie, other!.id)).toMatchObject({
      status: 200,
      json: {},
    });
    expect((await socket.closed).code).toBe(4003);
    expect(performance.now() - begun).toBeLessThan(1_000);
    expect(await isSignedIn(there)).toBe(false);
    expect(await isSignedIn(dora.cookie)).toBe(true);
    expect(await here.say("still here")).toMatchObject({ type: "ok" });
    expect(await sessionsOf(dora.cookie)).toHaveLength(1);
    await here.leave();
  });

  test("that asks signs out, and takes the cookie back", async () => {
    const eve = await accountAs(server, "Eve");
    const [own] = await sessionsOf(eve.cookie);
    const answer = await end(eve.cookie, own!.id);
    expect(answer.headers.get("set-cookie")).toContain("Max-Age=0");
    expect(answer.headers.get("clear-site-data")).toBe('"cache", "storage"');
    expect(await isSignedIn(eve.cookie)).toBe(false);
  });

  test("[A-4] somebody else's is not_found, like one that never was", async () => {
    const [fred, gus] = [
      await accountAs(server, "Fred"),
      await accountAs(server, "Gus"),
    ];
    const [theirs] = await sessionsOf(gus.cookie);
    const ids = [theirs!.id, "s_0123456789abcdef", "s_", "nonsense", "..%2fme"];
    const answers = [];
    for (const id of ids) answers.push(await end(fred.cookie, id));
    for (const answer of answers) expectRefusal(answer, "not_found");
    expect(await isSignedIn(gus.cookie)).toBe(true);
  });
});

test("[A-2] ending all others leaves the one that asks", async () => {
  const hal = await accountAs(server, "Hal");
  const others = [await again(hal), await again(hal), await again(hal)];
  const guest = { me: hal.me, cookie: others[0]! };
  const { socket } = await enter(server, "", { guest });
  const path = "/api/sessions/end-others";
  const answer = await askHttp(server, path, { cookie: hal.cookie, body: {} });
  expect(answer).toMatchObject({ status: 200, json: {} });
  expect((await socket.closed).code).toBe(4003);
  for (const cookie of others) expect(await isSignedIn(cookie)).toBe(false);
  expect((await sessionsOf(hal.cookie)).map(({ current }) => current)).toEqual([
    true,
  ]);
});

test("[Q15] [A-2] whoever signs out and posts in the same moment is answered ok before it, or not at all", async () => {
  const witness = await enter(server, "Witness");
  for (let round = 0; round < 10; round += 1) {
    const guest = await accountAs(server, `Racer ${round}`);
    const racer = await enter(server, "", { guest });
    for (let index = 0; index < 5; index += 1) {
      racer.socket.send({
        ...{ type: "message.post", id: 100 + index, stream: racer.lobby },
        ...{ cid: newCid(Date.now()), text: `${round}.${index}` },
      });
    }
    const left = await askHttp(server, "/api/leave", {
      cookie: guest.cookie,
      body: {},
    });
    expect(left.status).toBe(200);
    // What the store holds when the sign-out has been answered is all there is.
    const page = `/api/streams/${witness.lobby}/messages`;
    const stored = async (): Promise<string> =>
      (await askHttp(server, page, witness.guest)).text;
    const before = await stored();
    expect((await racer.socket.closed).code).toBe(4003);
    await witness.say(`after ${round}`);
    const after = await stored();
    for (let index = 0; index < 5; index += 1) {
      const text = `"${round}.${index}"`;
      expect(after.includes(text)).toBe(before.includes(text));
    }
  }
  await witness.leave();
}, 60_000);
