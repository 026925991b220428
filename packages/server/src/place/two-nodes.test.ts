import {
  afterAll,
  beforeAll,
  describe,
  expect,
  setDefaultTimeout,
  test,
} from "bun:test";
import { askHttp, expectRefusal } from "../testing/ask-http.ts";
import { enter } from "../testing/enter.ts";
import { accountOf, as, ownPlace } from "../testing/owned-place.ts";
import type { TestAccount } from "../testing/test-account.ts";
import { TestSocket } from "../testing/test-socket.ts";
import { startTwoNodes, type TwoNodes } from "../testing/two-nodes.ts";

// What administrators do on one node holds on the other: real servers, a real
// PostgreSQL, and a real NATS or none.

// Two servers and a database on a busy machine; what is promised in less is measured.
setDefaultTimeout(30_000);

const cases = [
  { name: "with NATS between them", hasNats: true, withinMs: 1_000 },
  { name: "without NATS", hasNats: false, withinMs: 2_500 },
];

describe.each(cases)("two nodes $name", ({ hasNats, withinMs }) => {
  let nodes: TwoNodes;
  let owner: TestAccount;
  beforeAll(async () => {
    nodes = await startTwoNodes({ hasNats });
    owner = await ownPlace(nodes.one);
  });
  afterAll(() => nodes[Symbol.asyncDispose]());

  /** How long until this holds, asked again and again. */
  async function untilSo(holds: () => Promise<boolean>): Promise<number> {
    const since = performance.now();
    while (!(await holds())) {
      const waited = performance.now() - since;
      if (waited > 10_000) throw new Error("it never came to be so");
      await Bun.sleep(10);
    }
    return performance.now() - since;
  }

  const change = (body: object) =>
    as(nodes.one, owner)("/api/admin/settings", { method: "PATCH", body });

  test(`what is decided on one is known on the other within ${withinMs} ms, and holds there at once for who wants to come in`, async () => {
    const { other } = nodes;
    const simple = await TestSocket.open(other);
    const since = performance.now();
    await change({ name: "Ours", joinMode: "invitation" });
    const body = { email: "late@example.org", name: "Late" };
    const late = await askHttp(other, "/api/join", { body });
    expectRefusal(late, "invitation_needed");
    const knownMs = await untilSo(async () => {
      const { json } = await askHttp(other, "/api/server");
      const { name, joinMode } = json as { name: string; joinMode: string };
      return name === "Ours" && joinMode === "invitation";
    });
    expect(knownMs).toBeLessThan(withinMs);
    // [T61] Those who only listened hear nothing more.
    expect((await simple.closed).code).toBe(4009);
    expect(performance.now() - since).toBeLessThan(withinMs + 500);
    await change({ joinMode: "open" });
    await untilSo(async () => {
      const { json } = await askHttp(other, "/api/server");
      return (json as { joinMode: string }).joinMode === "open";
    });
  });

  test(`[A-2] who is suspended on one is out on the other within ${withinMs} ms`, async () => {
    const { one, other } = nodes;
    const ann = await accountOf(one, "member", "Ann");
    const present = await enter(other, "", { guest: ann });
    expect((await askHttp(other, "/api/me", ann)).status).toBe(200);
    const since = performance.now();
    const path = `/api/admin/people/${ann.me.id}/suspend`;
    await as(one, owner)(path, { body: { suspended: true } });
    expect((await present.socket.closed).code).toBe(4003);
    expect(performance.now() - since).toBeLessThan(withinMs);
    expectRefusal(await askHttp(other, "/api/me", ann), "unauthenticated");
  });

  test(`[A-2] without a socket too: the session opens nothing on the other within ${withinMs} ms`, async () => {
    const { one, other } = nodes;
    const ben = await accountOf(one, "member", "Ben");
    expect((await askHttp(other, "/api/me", ben)).status).toBe(200);
    const path = `/api/admin/people/${ben.me.id}/suspend`;
    await as(one, owner)(path, { body: { suspended: true } });
    const outMs = await untilSo(
      async () => (await askHttp(other, "/api/me", ben)).status === 401,
    );
    expect(outMs).toBeLessThan(withinMs);
  });

  test("[A-2] what a new role takes away is refused on the other at once", async () => {
    const { one, other } = nodes;
    const moe = await accountOf(one, "moderator", "Moe");
    const list = "/api/admin/people";
    expect((await as(other, moe)(list)).status).toBe(200);
    const fall = { method: "PATCH", body: { role: "member" } };
    await as(one, owner)(`${list}/${moe.me.id}`, fall);
    expectRefusal(await as(other, moe)(list), "forbidden");
  });
});
