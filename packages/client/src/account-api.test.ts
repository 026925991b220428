import { expect, test } from "bun:test";
import {
  acceptInvitation,
  changeMe,
  changePassword,
  claimAccount,
  confirmPassword,
  endOtherSessions,
  endSession,
  joinServer,
  listSessions,
  lookAtInvitation,
  resetPassword,
  setUpPlace,
  signIn,
} from "./account-api.ts";
import { administration } from "./administration-api.ts";
import type { Env } from "./env.ts";
import { answering, refused } from "./testing/answering.ts";
import { failureOf } from "./testing/failure-of.ts";

// Each function's one request, and what it makes of the answer.

const url = "https://chat.example";
const me = { id: "u_1", name: "Ann", kind: "member", email: "a@b.example" };
const account = { email: "a@b.example", username: "ann", password: "a b c" };
const place = {
  ...{ name: "Home", joinMode: "open" as const },
  ...{ domains: [], language: "auto" as const },
};
const session = { id: "s1", agent: "Firefox", createdAt: 1, usedAt: 2 };
const link = { token: "t", expiresAt: 9 };
const wish = {
  ...{ role: "guest" as const, bound: true, rooms: ["r_Room00000"] },
  ...{ uses: null, expiresInHours: 24, note: "" },
};

interface Case {
  does: string;
  call: (env: Env) => Promise<unknown>;
  asks: [method: string, path: string, body?: object];
  answer: object;
  gives: unknown;
}

const admin = (env: Env) => administration(url, env);

const cases: Case[] = [
  {
    does: "joining by invitation",
    call: (env) =>
      joinServer(url, { ...account, name: "Ann", invitation: "t" }, env),
    asks: ["POST", "/api/join", { ...account, name: "Ann", invitation: "t" }],
    answer: { me },
    gives: me,
  },
  {
    does: "a look at an invitation",
    call: (env) => lookAtInvitation(url, "t", env),
    asks: ["POST", "/api/invitations/look", { token: "t" }],
    answer: { by: "Bob" },
    gives: { by: "Bob" },
  },
  {
    does: "taking an invitation as who one is",
    call: (env) => acceptInvitation(url, "t", env),
    asks: ["POST", "/api/invitations/accept", { token: "t" }],
    answer: { rooms: ["r_Room00000"] },
    gives: ["r_Room00000"],
  },
  {
    does: "setting up the place",
    call: (env) =>
      setUpPlace(url, { code: "c", place, name: "Ann", ...account }, env),
    asks: ["POST", "/api/setup", { code: "c", place, name: "Ann", ...account }],
    answer: { me },
    gives: me,
  },
  {
    does: "claiming an account",
    call: (env) => claimAccount(url, account, env),
    asks: ["POST", "/api/account", account],
    answer: { me },
    gives: me,
  },
  {
    does: "signing in",
    call: (env) => signIn(url, { login: "ann", password: "a b c" }, env),
    asks: ["POST", "/api/sign-in", { login: "ann", password: "a b c" }],
    answer: { me },
    gives: me,
  },
  {
    does: "confirming who one is",
    call: (env) => confirmPassword(url, "a b c", env),
    asks: ["POST", "/api/confirm", { password: "a b c" }],
    answer: {},
    gives: undefined,
  },
  {
    does: "changing one's name",
    call: (env) => changeMe(url, { name: "Anna" }, env),
    asks: ["PATCH", "/api/me", { name: "Anna" }],
    answer: { me },
    gives: me,
  },
  {
    does: "changing the password",
    call: (env) => changePassword(url, { current: "a", password: "b" }, env),
    asks: ["POST", "/api/password", { current: "a", password: "b" }],
    answer: {},
    gives: undefined,
  },
  {
    does: "choosing a password by a link",
    call: (env) => resetPassword(url, { token: "t", password: "b" }, env),
    asks: ["POST", "/api/reset", { token: "t", password: "b" }],
    answer: { me },
    gives: me,
  },
  {
    does: "one's sessions",
    call: (env) => listSessions(url, env),
    asks: ["GET", "/api/sessions"],
    answer: { sessions: [session] },
    gives: [session],
  },
  {
    does: "ending a session",
    call: (env) => endSession(url, "s/1", env),
    asks: ["DELETE", "/api/sessions/s%2F1"],
    answer: {},
    gives: undefined,
  },
  {
    does: "ending all other sessions",
    call: (env) => endOtherSessions(url, env),
    asks: ["POST", "/api/sessions/end-others", {}],
    answer: {},
    gives: undefined,
  },
  {
    does: "a page of people",
    call: (env) => admin(env).people({ query: "a&b", limit: 20 }),
    asks: ["GET", "/api/admin/people?query=a%26b&limit=20"],
    answer: { people: [], count: 0 },
    gives: { people: [], count: 0 },
  },
  {
    does: "all people",
    call: (env) => admin(env).people(),
    asks: ["GET", "/api/admin/people"],
    answer: { people: [], count: 0 },
    gives: { people: [], count: 0 },
  },
  {
    does: "adding somebody",
    call: (env) =>
      admin(env).addPerson({
        ...{ email: "e@f.example", name: "Eve", username: "eve" },
        role: "member",
      }),
    asks: [
      "POST",
      "/api/admin/people",
      { email: "e@f.example", name: "Eve", username: "eve", role: "member" },
    ],
    answer: { person: me, ...link },
    gives: { person: me, ...link },
  },
  {
    does: "giving a role",
    call: (env) => admin(env).setRole("u_1", "moderator"),
    asks: ["PATCH", "/api/admin/people/u_1", { role: "moderator" }],
    answer: { person: me },
    gives: me,
  },
  {
    does: "suspending somebody",
    call: (env) => admin(env).suspend("u_1", true),
    asks: ["POST", "/api/admin/people/u_1/suspend", { suspended: true }],
    answer: { person: me },
    gives: me,
  },
  {
    does: "a link for a new password",
    call: (env) => admin(env).resetLink("u_1"),
    asks: ["POST", "/api/admin/people/u_1/reset-link", {}],
    answer: link,
    gives: link,
  },
  {
    does: "signing somebody out",
    call: (env) => admin(env).signOut("u_1"),
    asks: ["POST", "/api/admin/people/u_1/sign-out", {}],
    answer: { ended: 3 },
    gives: 3,
  },
  {
    does: "somebody's sessions",
    call: (env) => admin(env).sessionsOf("u_1"),
    asks: ["GET", "/api/admin/people/u_1/sessions"],
    answer: { sessions: [session] },
    gives: [session],
  },
  {
    does: "the invitations",
    call: (env) => admin(env).invitations(),
    asks: ["GET", "/api/invitations"],
    answer: { invitations: [], people: [] },
    gives: { invitations: [], people: [] },
  },
  {
    does: "inviting",
    call: (env) => admin(env).invite(wish),
    asks: ["POST", "/api/invitations", wish],
    answer: { invitation: {}, token: "t" },
    gives: { invitation: {}, token: "t" },
  },
  {
    does: "taking an invitation back",
    call: (env) => admin(env).revokeInvitation("i1"),
    asks: ["DELETE", "/api/invitations/i1"],
    answer: {},
    gives: undefined,
  },
  {
    does: "the rooms",
    call: (env) => admin(env).rooms("设计"),
    asks: ["GET", `/api/admin/rooms?query=${encodeURIComponent("设计")}`],
    answer: { rooms: [] },
    gives: [],
  },
  {
    does: "archiving a room",
    call: (env) => admin(env).changeRoom("r_Room00000", { archived: true }),
    asks: ["PATCH", "/api/admin/rooms/r_Room00000", { archived: true }],
    answer: {},
    gives: undefined,
  },
  {
    does: "the settings",
    call: (env) => admin(env).settings(),
    asks: ["GET", "/api/admin/settings"],
    answer: { settings: place },
    gives: place,
  },
  {
    does: "changing a setting",
    call: (env) => admin(env).changeSettings({ joinMode: "closed" }),
    asks: ["PATCH", "/api/admin/settings", { joinMode: "closed" }],
    answer: { settings: place },
    gives: place,
  },
  {
    does: "what leaves the machine",
    call: (env) => admin(env).outbound(),
    asks: ["GET", "/api/admin/outbound"],
    answer: { items: [] },
    gives: [],
  },
  {
    does: "the log",
    call: (env) => admin(env).log({ before: 7 }),
    asks: ["GET", "/api/admin/log?before=7"],
    answer: { acts: [], head: 6, people: [] },
    gives: { acts: [], head: 6, people: [] },
  },
];

for (const { does, call, asks, answer, gives } of cases) {
  test(`${does} is one request, with its answer or the server's refusal`, async () => {
    const [method, path, body] = asks;
    const text = JSON.stringify(answer);
    const { env, asked } = answering({ status: 200, text });
    expect(await call(env)).toEqual(gives);
    expect(asked).toMatchObject([{ method, url: url + path }]);
    expect(JSON.parse(asked[0]?.body ?? "null")).toEqual(body ?? null);
    const no = answering(refused(403, "sign_in_again"));
    expect(await failureOf(call(no.env))).toMatchObject({
      code: "sign_in_again",
      message: "No.",
    });
  });
}

test("a wrong password is no end of the session", async () => {
  const { env } = answering(refused(401, "wrong_password"));
  const who = { login: "ann", password: "no" };
  expect(await failureOf(signIn(url, who, env))).toMatchObject({
    code: "wrong_password",
    retryable: false,
  });
});
