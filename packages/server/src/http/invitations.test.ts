import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import type { ErrorCode, Me } from "@parley/protocol";
import { newInvitationToken } from "../identifiers.ts";
import { askHttp, expectRefusal } from "../testing/ask-http.ts";
import { cid, enter } from "../testing/enter.ts";
import { generous } from "../testing/generous.ts";
import { accountOf, as, decide, ownPlace } from "../testing/owned-place.ts";
import {
  startTestServer,
  type OpenTestServer,
} from "../testing/start-test-server.ts";
import {
  cookiesOf,
  goodPassword,
  type TestAccount,
} from "../testing/test-account.ts";
import { joinAs, roomsOf } from "../testing/test-guest.ts";

setDefaultTimeout(20_000);

let server: OpenTestServer;
let owner: TestAccount;
let mod: TestAccount;
beforeAll(async () => {
  server = await startTestServer(generous);
  owner = await ownPlace(server);
  mod = await accountOf(server, "moderator");
});
afterAll(() => server[Symbol.asyncDispose]());

const usual = {
  ...{ role: "guest", bound: false, rooms: [] as string[] },
  ...{ uses: null, expiresInHours: null, note: "" },
};

interface Made {
  invitation: { id: string; used: number; revokedAt: number | null };
  token: string;
}

async function invite(wanted: object = {}, by = mod): Promise<Made> {
  const body = { ...usual, ...wanted };
  const answer = await as(server, by)("/api/invitations", { body });
  if (answer.status !== 200) throw new Error(answer.text);
  return answer.json as Made;
}

const look = (token: string) =>
  askHttp(server, "/api/invitations/look", { body: { token } });
const join = (body: object) =>
  askHttp(server, "/api/join", {
    body: { email: "nina@example.org", name: "Nina", ...body },
  });

async function makeRoom(by: TestAccount, name: string): Promise<string> {
  const maker = await enter(server, "", { guest: by });
  const stream = await maker.makeRoom(name);
  await maker.leave();
  return stream;
}

test("[T38] who has a link sees who invites, as what and to where, and nothing else of the place", async () => {
  const stream = await makeRoom(mod, "Design");
  const { invitation, token } = await invite({
    ...{ role: "member", rooms: [stream], expiresInHours: 24, uses: 3 },
    note: "for the new ones",
  });
  expect(token).toMatch(/^[\w-]{22}$/);
  expect(invitation).toEqual({
    id: expect.stringMatching(/^i_[0-9A-Za-z]{10}$/) as string,
    ...{ role: "member", bound: false, note: "for the new ones" },
    ...{ rooms: [{ stream, name: "Design" }], usesLeft: 3, used: 0 },
    createdAt: expect.any(Number) as number,
    expiresAt: expect.any(Number) as number,
    ...{ revokedAt: null, by: mod.me.id },
  } as never);
  const seen = await look(token);
  expect(seen.json).toEqual({
    ...{ by: mod.me.name, role: "member", bound: false, rooms: ["Design"] },
    expiresAt: expect.any(Number) as number,
    needsAccount: true,
  });
});

test("a guest with an invitation comes in where others do not, into its rooms", async () => {
  const stream = await makeRoom(mod, "Reception");
  await decide(server, { joinMode: "invitation" });
  const { token } = await invite({ rooms: [stream] });
  expectRefusal(await join({}), "invitation_needed");
  const answer = await join({ invitation: token });
  expect(answer.json).toMatchObject({ me: { name: "Nina", kind: "guest" } });
  const { rooms } = await roomsOf(server, cookiesOf(answer));
  expect(rooms.map(({ name }) => name)).toEqual(["Lobby", "Reception"]);
  await decide(server, { joinMode: "closed" });
  expectRefusal(await join({ invitation: token }), "join_closed");
  expectRefusal(await join({}), "join_closed");
  await decide(server, { joinMode: "open" });
});

test("an invitation for an account asks for user name and password, and gives the role it says", async () => {
  const { token: invitation } = await invite({ role: "moderator" }, owner);
  const account = { invitation, username: "Nina.N", password: goodPassword };
  const wrong: [object, ErrorCode][] = [
    [{ invitation }, "missing_field"],
    [{ invitation, username: "nina.n" }, "missing_field"],
    [{ ...account, password: "short" }, "weak_password"],
    [{ ...account, username: "n" }, "invalid_username"],
    [{ ...account, role: "owner" }, "unknown_field"],
    [{ ...account, name: "Owner" }, "name_confusable"],
    [{ username: "nina.n", password: goodPassword }, "invalid_value"],
  ];
  for (const [body, refusal] of wrong) {
    expectRefusal(await join(body), refusal);
  }
  const answer = await join({ ...account, name: "Nina Neu" });
  expect(answer.json).toEqual({
    me: {
      ...{ id: expect.any(String) as string, name: "Nina Neu" },
      ...{ kind: "member", rank: "moderator", username: "nina.n" },
      email: "nina@example.org",
    },
  });
  const again = { ...account, name: "Another" };
  expectRefusal(await join(again), "name_taken");
  const forGuests = await invite();
  const both = { ...account, invitation: forGuests.token, username: "other" };
  expectRefusal(await join(both), "invalid_value");
});

test("[T38] run out, used up, revoked, wrong, not even one: the same bytes, for looking and for joining", async () => {
  const used = await invite({ uses: 1 });
  expect((await join({ invitation: used.token })).status).toBe(200);
  const revoked = await invite();
  const path = `/api/invitations/${revoked.invitation.id}`;
  const { status } = await as(server, mod)(path, { method: "DELETE" });
  expect(status).toBe(200);
  const fallen = await accountOf(server, "moderator");
  const ofFallen = await invite({}, fallen);
  const suspend = { method: "POST", body: { suspended: true } };
  await as(server, owner)(`/api/admin/people/${fallen.me.id}/suspend`, suspend);

  const tokens = [
    ...[used.token, revoked.token, ofFallen.token, newInvitationToken()],
    ...["", "x", "../../etc", "x".repeat(10_000)],
  ];
  const answers = new Set<string>();
  for (const token of tokens) {
    for (const answer of [
      await look(token),
      await join({ invitation: token }),
    ]) {
      expectRefusal(answer, "invite_invalid");
      answers.add(answer.text);
    }
  }
  expect(answers.size).toBe(1);
});

test("[Q13] one for a single guest, used 50 times at once, lets one in", async () => {
  const { token: invitation } = await invite({ uses: 1 });
  const answers = await Promise.all(
    Array.from({ length: 50 }, () => join({ invitation })),
  );
  const statuses = answers.map(({ status }) => status);
  expect(statuses.filter((status) => status === 200)).toHaveLength(1);
  expect(statuses.filter((status) => status === 404)).toHaveLength(49);
});

test("a bound guest sees their room and says something in it, and no lobby", async () => {
  const stream = await makeRoom(mod, "Visitors");
  const { token } = await invite({ bound: true, rooms: [stream] });
  expect((await look(token)).json).toMatchObject({ bound: true });
  const answer = await join({ invitation: token, name: "Vera" });
  const { me } = answer.json as { me: Me };
  expect(me).toMatchObject({ kind: "guest", bound: true });
  const guest = { me, ...cookiesOf(answer) };
  const { rooms } = await roomsOf(server, guest);
  expect(rooms.map((room) => room.stream)).toEqual([stream]);
  const vera = await enter(server, "", { guest });
  expect(await vera.say("hello", stream)).toMatchObject({ type: "ok" });
  expect(await vera.say("hello?", server.store.lobby)).toMatchObject({
    ...{ type: "error", code: "not_found" },
  });
  await vera.leave();
});

test("[T39] nobody invites above themselves or into rooms that they could not let others into", async () => {
  const secret = await enter(server, "", { guest: owner });
  const made = await secret.ask({
    ...{ type: "room.create", cid: cid(), name: "Secret", kind: "private" },
  });
  await secret.leave();
  const of = (who: { cookie: string }, wanted: object) =>
    as(server, who)("/api/invitations", { body: { ...usual, ...wanted } });
  const wrong: [object, ErrorCode][] = [
    [{ role: "administrator" }, "forbidden"],
    [{ role: "bot" }, "forbidden"],
    [{ role: "king" }, "invalid_value"],
    [{ rooms: [made["stream"]] }, "not_found"],
    [{ rooms: ["r_nosuchroom"] }, "not_found"],
    [{ rooms: ["inbox"] }, "not_found"],
    [{ bound: true }, "invalid_value"],
    [{ uses: 0 }, "invalid_value"],
    [{ expiresInHours: 1e9 }, "invalid_value"],
    [{ note: "x".repeat(201) }, "invalid_value"],
    [{ note: "\u0007" }, "invalid_characters"],
    [{ by: owner.me.id }, "unknown_field"],
  ];
  for (const [wanted, refusal] of wrong) {
    expectRefusal(await of(mod, wanted), refusal);
  }
  const member = await accountOf(server, "member");
  const guest = await joinAs(server, "Gus");
  expectRefusal(await of(member, {}), "forbidden");
  expectRefusal(await of(guest, {}), "forbidden");
  expectRefusal(await of({ cookie: "" }, {}), "unauthenticated");
});

test("one sees and takes back one's own; administrators all; a token is in no list", async () => {
  const other = await accountOf(server, "moderator");
  const { invitation, token } = await invite({ note: "mine" }, other);
  const listOf = async (who: TestAccount) => {
    const answer = await as(server, who)("/api/invitations");
    expect(answer.text).not.toContain(token);
    return answer.json as { invitations: { id: string }[]; people: Me[] };
  };
  const ids = ({ invitations }: Awaited<ReturnType<typeof listOf>>) =>
    invitations.map(({ id }) => id);
  expect(ids(await listOf(other))).toEqual([invitation.id]);
  expect(ids(await listOf(mod))).not.toContain(invitation.id);
  const all = await listOf(owner);
  expect(ids(all)).toContain(invitation.id);
  expect(all.people.map(({ id }) => id)).toContain(other.me.id);

  const path = `/api/invitations/${invitation.id}`;
  const remove = { method: "DELETE" };
  expectRefusal(await as(server, mod)(path, remove), "not_found");
  expect((await as(server, owner)(path, remove)).status).toBe(200);
  expectRefusal(await look(token), "invite_invalid");
  for (const none of [
    "i_0000000000",
    "%00",
    "i_%00",
    "\u{1f600}",
    "x".repeat(900),
  ]) {
    const answer = await as(server, mod)(`/api/invitations/${none}`, remove);
    expectRefusal(answer, "not_found");
  }
  const member = await accountOf(server, "member");
  expectRefusal(await as(server, member)("/api/invitations"), "forbidden");
});

test("[T38] who is signed in takes a link as who they are: into its rooms, on their open page too, and as nobody new", async () => {
  const stream = await makeRoom(mod, "Taken by link");
  const { token } = await invite(
    { role: "administrator", rooms: [stream] },
    owner,
  );
  const accept = (cookie?: string, body: object = { token }) =>
    askHttp(server, "/api/invitations/accept", {
      ...{ body, ...(cookie === undefined ? {} : { cookie }) },
    });
  expectRefusal(await accept(), "unauthenticated");
  const ann = await accountOf(server, "member", "Ann");
  const present = await enter(server, "", { guest: ann });
  const { cookie } = ann;
  expectRefusal(await accept(cookie, {}), "missing_field");
  expectRefusal(
    await accept(cookie, { token, rooms: [stream] }),
    "unknown_field",
  );
  expectRefusal(
    await accept(cookie, { token: newInvitationToken() }),
    "invite_invalid",
  );
  const answer = await accept(cookie);
  expect([answer.json, answer.headers.getSetCookie()]).toEqual([
    { rooms: [stream] },
    [],
  ]);
  const told = await present.socket.next(({ type }) => type === "room.joined");
  expect(told).toMatchObject({ stream: "inbox", room: { stream } });
  const me = await askHttp(server, "/api/me", { cookie });
  expect(me.json).toEqual({ me: ann.me });
  expect((await accept(cookie)).json).toEqual({ rooms: [stream] });
  const gus = await joinAs(server, "Gus");
  expectRefusal(await accept(gus.cookie), "forbidden");
  await present.leave();
});

test("[T38] 50 a day are made, and looking is limited per address", async () => {
  await using own = await startTestServer({
    ...{ ...generous, PARLEY_INVITATION_RATE: "2/day burst 2" },
    PARLEY_LINK_RATE: "1/h burst 3",
  });
  const boss = await ownPlace(own);
  const make = () => as(own, boss)("/api/invitations", { body: usual });
  expect([(await make()).status, (await make()).status]).toEqual([200, 200]);
  expect((await make()).status).toBe(429);
  const ask = () =>
    askHttp(own, "/api/invitations/look", {
      body: { token: newInvitationToken() },
    });
  // The setup link took the first.
  expect([(await ask()).status, (await ask()).status]).toEqual([404, 404]);
  const late = await ask();
  expect([late.status, late.headers.get("retry-after")]).toEqual([
    429,
    expect.stringMatching(/^\d+$/) as string,
  ]);
});
