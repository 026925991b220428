import {
  afterAll,
  beforeAll,
  describe,
  expect,
  setDefaultTimeout,
  test,
} from "bun:test";
import type { Me } from "@parley/protocol";
import { hashToken } from "../identifiers.ts";
import { askHttp, expectRefusal } from "../testing/ask-http.ts";
import { enter } from "../testing/enter.ts";
import {
  accountAs,
  cookiesOf,
  goodPassword,
  signIn,
} from "../testing/test-account.ts";
import { joinAs } from "../testing/test-guest.ts";
import { startTwoNodes, type TwoNodes } from "../testing/two-nodes.ts";

// What changes of an account on one node holds on the other.

setDefaultTimeout(30_000);

const cases = [
  { name: "with NATS between them", hasNats: true, withinMs: 1_000 },
  { name: "without NATS", hasNats: false, withinMs: 2_500 },
];

describe.each(cases)("two nodes $name", ({ hasNats, withinMs }) => {
  let nodes: TwoNodes;
  beforeAll(async () => {
    nodes = await startTwoNodes({ hasNats });
  });
  afterAll(() => nodes[Symbol.asyncDispose]());

  test("a session that was begun on one is one on the other at once", async () => {
    const { one, other } = nodes;
    const ann = await accountAs(one, "Ann");
    expect((await askHttp(other, "/api/me", ann)).json).toEqual({ me: ann.me });
    const answer = await signIn(other, ann.username, goodPassword);
    const { cookie } = cookiesOf(answer);
    const me = await askHttp(one, "/api/me", { cookie });
    expect(me.json).toEqual({ me: ann.me });
  });

  for (const isConnected of [true, false]) {
    test(`[P21] another name, chosen on one, is one's name on the other within ${withinMs} ms, ${isConnected ? "connected there" : "not connected"}`, async () => {
      const { one, other } = nodes;
      const guest = await joinAs(one, `Ben ${isConnected}`);
      const there = isConnected ? await enter(other, "", { guest }) : undefined;
      // So that it is at hand there.
      expect((await askHttp(other, "/api/me", guest)).status).toBe(200);
      const name = `Bernard ${isConnected}`;
      const { cookie } = guest;
      const changed = await askHttp(one, "/api/me", {
        ...{ cookie, method: "PATCH", body: { name } },
      });
      expect(changed.status).toBe(200);
      const changedAt = performance.now();
      const nameThere = async (): Promise<string> => {
        const { json } = await askHttp(other, "/api/server", { cookie });
        return (json as { me: Me }).me.name;
      };
      while (
        (await nameThere()) !== name &&
        performance.now() - changedAt < 10_000
      ) {
        await Bun.sleep(10);
      }
      expect(performance.now() - changedAt).toBeLessThan(withinMs);
      await there?.leave();
    });
  }

  test(`[A-2] another password, chosen on one, closes the sockets on the other with 4003 within ${withinMs} ms, and its sessions open nothing there`, async () => {
    const { one, other } = nodes;
    const cleo = await accountAs(one, "Cleo");
    const answer = await signIn(other, cleo.username, goodPassword);
    const there = { me: cleo.me, cookie: cookiesOf(answer).cookie };
    const { socket } = await enter(other, "", { guest: there });
    const body = { current: goodPassword, password: "another horse battery" };
    const { cookie } = cleo;
    const changed = await askHttp(one, "/api/password", { cookie, body });
    expect(changed.status).toBe(200);
    const changedAt = performance.now();
    expect((await socket.closed).code).toBe(4003);
    expect(performance.now() - changedAt).toBeLessThan(withinMs);
    expectRefusal(await askHttp(other, "/api/me", there), "unauthenticated");
    const old = await signIn(other, cleo.username, goodPassword);
    expectRefusal(old, "wrong_password");
  });

  test("a password that was shown on one counts on the other", async () => {
    const { one, other } = nodes;
    const { cookie, password } = await accountAs(one, "Dora");
    const hash = hashToken(cookie.slice("parley_sid=".length));
    await nodes.query(
      `update sessions set confirmed_at = 0 where token_hash = '${hash}'`,
    );
    const change = () =>
      askHttp(other, "/api/me", {
        ...{ cookie, method: "PATCH", body: { email: "new@example.org" } },
      });
    expectRefusal(await change(), "sign_in_again");
    const shown = await askHttp(one, "/api/confirm", {
      ...{ cookie, body: { password } },
    });
    expect(shown.status).toBe(200);
    expect((await change()).status).toBe(200);
  });
});
