import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import type { ErrorCode, Person } from "@parley/protocol";
import { askHttp, expectRefusal } from "../testing/ask-http.ts";
import { cid, enter } from "../testing/enter.ts";
import { generous } from "../testing/generous.ts";
import { accountOf, as, ownPlace } from "../testing/owned-place.ts";
import {
  startTestServer,
  type OpenTestServer,
} from "../testing/start-test-server.ts";
import type { TestAccount } from "../testing/test-account.ts";

setDefaultTimeout(20_000);

let server: OpenTestServer;
let admin: TestAccount;
let mod: TestAccount;
let member: TestAccount;
beforeAll(async () => {
  server = await startTestServer(generous);
  await ownPlace(server);
  admin = await accountOf(server, "administrator", "Ada");
  mod = await accountOf(server, "moderator", "Moe");
  member = await accountOf(server, "member", "Mia");
});
afterAll(() => server[Symbol.asyncDispose]());

test("rooms are listed, never direct ones; archived, restored, and made rooms for newcomers by who is in none of them", async () => {
  const maker = await enter(server, "", { guest: member });
  const stream = await maker.makeRoom("Welcome");
  const direct = await maker.ask({
    ...{ type: "direct.open", cid: cid(), people: [mod.me.id] },
  });
  const ask = as(server, admin);
  const listed = await ask("/api/admin/rooms");
  expect(listed.text).not.toContain(String(direct["stream"]));
  const { json } = await ask("/api/admin/rooms?query=WELC");
  expect(json).toEqual({
    rooms: [
      {
        ...{ stream, name: "Welcome", kind: "public", topic: "" },
        ...{ members: 1, archived: false, readOnly: false },
        ...{ isDefault: false, createdAt: expect.any(Number) as number },
      },
    ],
  });
  const change = (of: string, body: object) =>
    ask(`/api/admin/rooms/${of}`, { method: "PATCH", body });
  expect((await change(stream, { isDefault: true })).json).toEqual({});
  const nina = await enter(server, "Nina");
  expect(await nina.say("hello", stream)).toMatchObject({ type: "ok" });
  expect((await change(stream, { archived: true })).json).toEqual({});
  expect(await nina.say("hello", stream)).toMatchObject({ code: "archived" });
  expectRefusal(await change(stream, { isDefault: "yes" }), "invalid_type");
  const direct0 = String(direct["stream"]);
  for (const of of [direct0, "r_nosuchroom", "nonsense"]) {
    expectRefusal(await change(of, { archived: true }), "not_found");
    expectRefusal(await change(of, { isDefault: true }), "not_found");
  }
  const back = { archived: false, isDefault: false };
  expect((await change(stream, back)).json).toEqual({});
  expect(await nina.say("hello", stream)).toMatchObject({ type: "ok" });
  await Promise.all([maker.leave(), nina.leave()]);
});

test("what is decided is checked, holds at once, and is told", async () => {
  const ask = as(server, admin);
  const change = (body: object) =>
    ask("/api/admin/settings", { method: "PATCH", body });
  const wrong: [object, ErrorCode][] = [
    [{ joinMode: "never" }, "invalid_value"],
    [{ domains: ["no domain"] }, "invalid_domain"],
    [{ domains: ["@example.org"] }, "invalid_domain"],
    [{ domains: "example.org" }, "invalid_type"],
    [{ domains: new Array(51).fill("example.org") }, "invalid_value"],
    [{ name: "" }, "invalid_name"],
    [{ name: "a\u202eb" }, "invalid_characters"],
    [{ epoch: "x" }, "unknown_field"],
  ];
  for (const [body, refusal] of wrong) {
    expectRefusal(await change(body), refusal);
  }
  const answer = await change({ name: "  Another   place " });
  expect(answer.json).toEqual({
    settings: {
      ...{ name: "Another place", joinMode: "open", domains: [] },
      ...{ language: "auto", roomsBy: "everybody", showsPresence: true },
    },
  });
  const seen = await askHttp(server, "/api/server");
  expect(seen.json).toMatchObject({ name: "Another place" });
  const present = await enter(server, "", { guest: member });
  const welcome = present.socket.received.find(
    ({ type }) => type === "welcome",
  );
  expect(welcome).toMatchObject({ server: "Another place" });
  await present.leave();
});

test("the log says who did what to whom, the newest first, in pages, and nothing of what anybody said", async () => {
  const ask = as(server, admin);
  await ask("/api/admin/settings", {
    ...{ method: "PATCH", body: { language: "zh" } },
  });
  const log = (await ask("/api/admin/log")).json as {
    acts: { seq: number; act: string; by: string }[];
    head: number;
    people: Person[];
  };
  expect(log.acts[0]).toEqual({
    ...{ seq: log.head, at: expect.any(Number) as number, by: admin.me.id },
    ...{ act: "place.changed", detail: { language: "zh" } },
  } as never);
  expect(log.people.map(({ id }) => id)).toContain(admin.me.id);
  const before = log.head - 2;
  const page = await ask(`/api/admin/log?before=${before}&limit=3`);
  const { acts } = page.json as typeof log;
  expect(acts.map(({ seq }) => seq)).toEqual([
    ...[before - 1, before - 2, before - 3],
  ]);
  const last = await ask("/api/admin/log?before=1");
  expect(last.json).toMatchObject({ acts: [] });
  expectRefusal(await ask("/api/admin/log?before=0"), "invalid_query");
});

test("what leaves this machine is said, without a password", async () => {
  const { json, text } = await as(server, admin)("/api/admin/outbound");
  const { items } = json as { items: { what: string; on: boolean }[] };
  expect(items.map(({ what }) => what)).toEqual([
    ...["gravatar", "postgres", "nats"],
  ]);
  expect(items[0]).toEqual({
    ...{ what: "gravatar", host: "gravatar.com", on: false },
    why: expect.stringMatching(/PARLEY_GRAVATAR/) as string,
  } as never);
  expect(text).not.toContain("password@");
});
