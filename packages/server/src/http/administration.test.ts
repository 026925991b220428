import { Database } from "bun:sqlite";
import {
  afterAll,
  beforeAll,
  describe,
  expect,
  setDefaultTimeout,
  test,
} from "bun:test";
import type { ErrorCode, Person } from "@parley/protocol";
import { rmSync } from "node:fs";
import path from "node:path";
import {
  askHttp,
  expectRefusal,
  type HttpQuestion,
} from "../testing/ask-http.ts";
import { isOnCluster } from "../testing/cluster-places.ts";
import { enter } from "../testing/enter.ts";
import { generous } from "../testing/generous.ts";
import { accountOf, as, ownPlace } from "../testing/owned-place.ts";
import {
  startTestServer,
  type OpenTestServer,
} from "../testing/start-test-server.ts";
import { temporaryFolder } from "../testing/temporary-folder.ts";
import {
  goodPassword,
  signIn,
  type TestAccount,
} from "../testing/test-account.ts";
import { joinAs, type TestGuest } from "../testing/test-guest.ts";

setDefaultTimeout(20_000);

let server: OpenTestServer;
let owner: TestAccount;
let admin: TestAccount;
let mod: TestAccount;
let member: TestAccount;
let guest: TestGuest;
beforeAll(async () => {
  server = await startTestServer(generous);
  owner = await ownPlace(server);
  admin = await accountOf(server, "administrator", "Ada");
  mod = await accountOf(server, "moderator", "Moe");
  member = await accountOf(server, "member", "Mia");
  guest = await joinAs(server, "Gus");
});
afterAll(() => server[Symbol.asyncDispose]());

type Listed = Person & {
  role: string;
  email?: string;
  hasAccount: boolean;
  lastSeenAt: number | null;
};
const peopleFor = async (who: { cookie: string }, query = "") => {
  const { json } = await as(server, who)(`/api/admin/people${query}`);
  return json as { people: Listed[]; count: number };
};

describe("who may", () => {
  const person = () => `/api/admin/people/${member.me.id}`;
  const room = () => `/api/admin/rooms/${server.store.lobby}`;
  const body = {};
  /** The least role that each route takes, and whether it asks for a fresh password. */
  const routes: [
    () => string,
    HttpQuestion,
    "moderator" | "administrator",
    boolean,
  ][] = [
    [() => "/api/invitations", {}, "moderator", false],
    [() => "/api/invitations", { body }, "moderator", true],
    [() => "/api/invitations/i_none", { method: "DELETE" }, "moderator", true],
    [() => "/api/admin/people", {}, "moderator", false],
    [() => "/api/admin/people", { body }, "administrator", true],
    [person, { method: "PATCH", body }, "administrator", true],
    [() => `${person()}/suspend`, { body }, "moderator", true],
    [() => `${person()}/reset-link`, { body: { x: 1 } }, "administrator", true],
    [() => `${person()}/sign-out`, { body: { x: 1 } }, "administrator", true],
    [() => `${person()}/sessions`, {}, "administrator", false],
    [() => "/api/admin/rooms", {}, "administrator", false],
    [room, { method: "PATCH", body: { x: 1 } }, "administrator", true],
    [() => "/api/admin/settings", {}, "administrator", false],
    [
      () => "/api/admin/settings",
      { method: "PATCH", body: { x: 1 } },
      "administrator",
      true,
    ],
    [() => "/api/admin/outbound", {}, "administrator", false],
    [() => "/api/admin/log", {}, "administrator", false],
  ];

  test("[T6] each route of administration for everybody: 401, 403, or what it does", async () => {
    for (const [path, question, least] of routes) {
      const cell = `${question.method ?? ""} ${path()}`;
      const of = (who: { cookie: string }) => as(server, who)(path(), question);
      expectRefusal(await of({ cookie: "" }), "unauthenticated");
      for (const who of [guest, member]) {
        expectRefusal(await of(who), "forbidden");
      }
      const asMod = await of(mod);
      const isForMods = least === "moderator";
      expect([cell, asMod.status !== 403]).toEqual([cell, isForMods]);
      for (const who of [admin, owner]) {
        expect([cell, (await of(who)).status === 403]).toEqual([cell, false]);
      }
    }
  });

  // Time passes for all sessions, past the server, in its own file.
  test.if(!isOnCluster)(
    "what changes something asks for the password again after 15 minutes, what only shows does not",
    async () => {
      const folder = temporaryFolder();
      const first = await startTestServer(generous, { folder });
      const { cookie } = await ownPlace(first);
      await first[Symbol.asyncDispose]();
      const database = new Database(path.join(folder, "parley.db"));
      database.run("update sessions set confirmed_at = confirmed_at - 900001");
      database.close();
      await using later = await startTestServer(generous, { folder });
      for (const [path, question, , isChange] of routes) {
        const ask = () => askHttp(later, path(), { cookie, ...question });
        const { status, json } = await ask();
        const isRefused = JSON.stringify(json).includes("sign_in_again");
        expect([path(), isRefused]).toEqual([path(), isChange]);
        if (isChange) expect(status).toBe(403);
      }
      const body = { password: goodPassword };
      await askHttp(later, "/api/confirm", { cookie, body });
      const change = { method: "PATCH", body: { language: "en" } };
      const answer = await askHttp(later, "/api/admin/settings", {
        ...{ cookie, ...change },
      });
      expect(answer.status).toBe(200);
      rmSync(folder, { recursive: true });
    },
  );
});

describe("people", () => {
  test("[T34] the list has everybody, with addresses for administrators only, and finds by them only for those", async () => {
    const all = await peopleFor(admin);
    expect(all.people.map(({ id }) => id)).toContain(guest.me.id);
    expect(all.count).toBe(all.people.length);
    const mia = all.people.find(({ id }) => id === member.me.id);
    expect(mia).toEqual({
      ...{ id: member.me.id, name: member.me.name, kind: "member" },
      ...{ username: member.username, role: "member", bound: false },
      ...{ email: `${member.username}@example.org`, hasAccount: true },
      createdAt: expect.any(Number) as number,
      lastSeenAt: expect.any(Number) as number,
    } as never);
    const byEmail = `?query=${member.username}@example`;
    expect((await peopleFor(admin, byEmail)).count).toBe(1);
    expect((await peopleFor(mod, byEmail)).count).toBe(0);
    const seen = await peopleFor(mod);
    expect(seen.count).toBe(all.count);
    expect(JSON.stringify(seen)).not.toContain("@example.org");
  });

  test("the list comes in pages, and a page that cannot be is refused", async () => {
    const [first] = (await peopleFor(admin, "?limit=1")).people;
    const [second] = (
      await peopleFor(admin, `?limit=1&after=${first?.id ?? ""}`)
    ).people;
    const all = await peopleFor(admin);
    expect([first?.id, second?.id]).toEqual([
      all.people[0]?.id,
      all.people[1]?.id,
    ]);
    for (const query of [
      "?limit=0",
      "?limit=201",
      "?limit=1&limit=2",
      "?query=%00",
    ]) {
      const answer = await as(server, admin)(`/api/admin/people${query}`);
      expectRefusal(answer, "invalid_query");
    }
  });

  test("[T39] [T9] a member, a moderator or an administrator cannot make anybody more than they are", async () => {
    const of = (who: TestGuest, id: string, role: string) =>
      as(server, who)(`/api/admin/people/${id}`, {
        ...{ method: "PATCH", body: { role } },
      });
    for (const who of [member, mod]) {
      expectRefusal(await of(who, who.me.id, "owner"), "forbidden");
      expectRefusal(await of(who, "u_0founder0", "owner"), "forbidden");
    }
    const wrong: [string, string, ErrorCode][] = [
      [admin.me.id, "owner", "forbidden"],
      [owner.me.id, "member", "forbidden"],
      [member.me.id, "owner", "forbidden"],
      [member.me.id, "bot", "invalid_value"],
      [member.me.id, "guest", "invalid_value"],
      [guest.me.id, "member", "forbidden"],
      ["u_0founder0", "member", "not_found"],
      ["u_nobody00000", "member", "not_found"],
      ["nonsense", "member", "not_found"],
    ];
    for (const [id, role, refusal] of wrong) {
      expectRefusal(await of(admin, id, role), refusal);
    }
    expectRefusal(await of(owner, owner.me.id, "member"), "last_owner");
    const me = await as(server, member)("/api/me", {
      ...{ method: "PATCH", body: { role: "owner" } },
    });
    expectRefusal(me, "unknown_field");
  });

  test("[A-2] a new role holds for the next request, and is told to who is connected", async () => {
    const ann = await accountOf(server, "member", "Ann");
    const present = await enter(server, "", { guest: ann });
    const path = `/api/admin/people/${ann.me.id}`;
    const rise = { method: "PATCH", body: { role: "moderator" } };
    const answer = await as(server, admin)(path, rise);
    expect(answer.json).toMatchObject({
      person: { id: ann.me.id, role: "moderator", rank: "moderator" },
    });
    await present.socket.next(({ type }) => type === "me.changed");
    expect((await as(server, ann)("/api/admin/people")).status).toBe(200);
    const fall = { method: "PATCH", body: { role: "member" } };
    await as(server, admin)(path, fall);
    expectRefusal(await as(server, ann)("/api/admin/people"), "forbidden");
    await present.leave();
  });

  test("[A-2] who is suspended is out at once: sockets, sessions, sign-in, also without a socket; restored, they sign in again", async () => {
    const ann = await accountOf(server, "member", "Ann");
    const quiet = await signIn(server, ann.username, ann.password);
    const elsewhere = quiet.headers.getSetCookie()[0]?.split(";")[0] ?? "";
    const present = await enter(server, "", { guest: ann });
    const of = (suspended: boolean) =>
      as(server, mod)(`/api/admin/people/${ann.me.id}/suspend`, {
        body: { suspended },
      });
    const answer = await of(true);
    expect(answer.json).toMatchObject({ person: { suspended: true } });
    expect(answer.text).not.toContain("@example.org");
    expect((await present.socket.closed).code).toBe(4003);
    for (const cookie of [ann.cookie, elsewhere]) {
      const me = await askHttp(server, "/api/me", { cookie });
      expectRefusal(me, "unauthenticated");
    }
    expectRefusal(
      await signIn(server, ann.username, ann.password),
      "forbidden",
    );
    expect((await of(false)).json).not.toMatchObject({
      person: { suspended: true },
    });
    expect((await signIn(server, ann.username, ann.password)).status).toBe(200);
  });

  test("somebody is added, chooses a password by the link, once, and signs in", async () => {
    const body = {
      ...{ email: "new@example.org", name: "Newt", username: "newt" },
      role: "moderator",
    };
    const added = await as(server, admin)("/api/admin/people", { body });
    const { person, token } = added.json as { person: Listed; token: string };
    expect(person).toMatchObject({
      ...{ name: "Newt", role: "moderator", hasAccount: false },
      ...{ username: "newt", lastSeenAt: null },
    });
    expect(token).toMatch(/^[\w-]{43}$/);
    const reset = { body: { token, password: goodPassword } };
    expect((await askHttp(server, "/api/reset", reset)).status).toBe(200);
    expectRefusal(await askHttp(server, "/api/reset", reset), "link_invalid");
    expect((await signIn(server, "newt", goodPassword)).status).toBe(200);
    const again = await as(server, admin)("/api/admin/people", { body });
    expectRefusal(again, "name_taken");
    const higher = { ...body, role: "owner", username: "higher" };
    const refused = await as(server, admin)("/api/admin/people", {
      body: higher,
    });
    expectRefusal(refused, "forbidden");
  });

  test("sessions of others are seen and ended, a link to choose a password is made, of those below", async () => {
    const ann = await accountOf(server, "member", "Ann");
    const path = `/api/admin/people/${ann.me.id}`;
    const ask = as(server, admin);
    const { sessions } = (await ask(`${path}/sessions`)).json as {
      sessions: { id: string; current: boolean }[];
    };
    expect(sessions).toHaveLength(1);
    expect(sessions[0]).toMatchObject({ current: false });
    const ended = await ask(`${path}/sign-out`, { body: {} });
    expect(ended.json).toEqual({ ended: 1 });
    const me = await askHttp(server, "/api/me", ann);
    expectRefusal(me, "unauthenticated");
    const link = await ask(`${path}/reset-link`, { body: {} });
    expect(link.json).toEqual({
      token: expect.stringMatching(/^[\w-]{43}$/) as string,
      expiresAt: expect.any(Number) as number,
    });
    for (const what of ["sign-out", "reset-link"]) {
      const of = `/api/admin/people/${owner.me.id}/${what}`;
      expectRefusal(await ask(of, { body: {} }), "forbidden");
    }
    const nobody = await ask("/api/admin/people/u_nobody00000/sessions");
    expectRefusal(nobody, "not_found");
  });
});
