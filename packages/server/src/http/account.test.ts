import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { ErrorCode } from "@parley/protocol";
import {
  askHttp,
  expectRefusal,
  type HttpAnswer,
} from "../testing/ask-http.ts";
import { enter } from "../testing/enter.ts";
import { generous } from "../testing/generous.ts";
import { readRows } from "../testing/read-rows.ts";
import {
  startTestServer,
  type TestServer,
} from "../testing/start-test-server.ts";
import { accountAs, cookiesOf, goodPassword } from "../testing/test-account.ts";
import { joinAs, roomsOf } from "../testing/test-guest.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer(generous);
});
afterAll(() => server[Symbol.asyncDispose]());

const claim = (cookie: string, body: object): Promise<HttpAnswer> =>
  askHttp(server, "/api/account", { cookie, body });

const change = (cookie: string, body: object): Promise<HttpAnswer> =>
  askHttp(server, "/api/me", { cookie, body, method: "PATCH" });

const isSignedIn = async (cookie: string): Promise<boolean> =>
  (await askHttp(server, "/api/me", { cookie })).status === 200;

const account = (username: string) => ({
  ...{ email: `${username}@example.org`, username },
  password: goodPassword,
});

describe("claiming an account", () => {
  test("makes the guest a member: the same person, in the same rooms, with what they said", async () => {
    const ann = await enter(server, "Ann");
    const said = await ann.say("before the account");
    const answer = await claim(ann.guest.cookie, account("ann"));
    expect(answer).toMatchObject({
      status: 200,
      json: {
        me: {
          ...{ id: ann.id, name: "Ann", kind: "member" },
          ...{ username: "ann", email: "ann@example.org" },
        },
      },
    });
    const { cookie } = cookiesOf(answer);
    const page = `/api/streams/${ann.lobby}/messages`;
    const { json } = await askHttp(server, page, { cookie });
    expect(JSON.stringify(json)).toContain("before the account");
    expect(said).toMatchObject({ type: "ok" });
    const { rooms } = await roomsOf(server, { cookie });
    expect(rooms.map(({ stream }) => stream)).toContain(ann.lobby);
  });

  test("[T3] gives the session a new secret: the one before opens nothing, and its sockets close", async () => {
    const ben = await enter(server, "Ben");
    const answer = await claim(ben.guest.cookie, account("ben"));
    expect(answer.status).toBe(200);
    expect((await ben.socket.closed).code).toBe(4003);
    expect(await isSignedIn(ben.guest.cookie)).toBe(false);
    expect(await isSignedIn(cookiesOf(answer).cookie)).toBe(true);
  });

  test("is told to everybody who shares a room, without the address", async () => {
    const cleo = await enter(server, "Cleo");
    const witness = await enter(server, "Witness");
    await claim(cleo.guest.cookie, account("cleo"));
    const told = await witness.socket.next(
      ({ type, person }) =>
        type === "member.changed" && (person as { id: string }).id === cleo.id,
    );
    expect(told["person"]).toEqual({
      ...{ id: cleo.id, name: "Cleo", kind: "member", username: "cleo" },
    });
    await witness.leave();
  });

  test("keeps the password's hash only", async () => {
    const password = "a password like no other";
    const dora = await accountAs(server, "Dora", {
      username: "dora",
      password,
    });
    for (const table of [
      "credentials",
      "people",
      "events",
      "sessions",
      "meta",
    ]) {
      expect(JSON.stringify(await readRows(server, table))).not.toContain(
        password,
      );
    }
    const rows = await readRows(server, "credentials");
    const row = rows.find(({ person }) => person === dora.me.id);
    expect(row?.["secret"]).toStartWith("$argon2id$v=19$m=19456,t=2,p=1$");
  });

  test("may come with another name", async () => {
    const { cookie } = await joinAs(server, "Somebody");
    const answer = await claim(cookie, {
      ...account("fay"),
      name: " Fay  Wong ",
    });
    expect(answer.json).toMatchObject({ me: { name: "Fay Wong" } });
  });

  test("once: who has one is already_member", async () => {
    const { cookie } = await accountAs(server, "Gus");
    expectRefusal(await claim(cookie, account("gus")), "already_member");
  });

  test("not without a session", async () => {
    const answer = await askHttp(server, "/api/account", {
      body: account("x1"),
    });
    expectRefusal(answer, "unauthenticated");
  });

  const refused: [string, object, ErrorCode][] = [
    ["a short password", { password: "correct horse" }, "weak_password"],
    [
      "a password with the user name",
      { password: "this is wrongly99 wrong" },
      "weak_password",
    ],
    ["an empty password", { password: "" }, "invalid_value"],
    ["a password of 129 characters", { password: "x".repeat(129) }, "too_long"],
    ["a user name with a space", { username: "an n" }, "invalid_username"],
    ["a user name in Cyrillic", { username: "аnn" }, "invalid_username"],
    ["a user name of one letter", { username: "a" }, "invalid_username"],
    [
      "a user name that begins with a dot",
      { username: ".ann" },
      "invalid_username",
    ],
    ["no e-mail address", { email: "ann" }, "invalid_email"],
    ["[T9] a role", { role: "owner" }, "unknown_field"],
    [
      "[T10] a list for a password",
      { password: [goodPassword] },
      "invalid_type",
    ],
    ["[U16] an invisible name", { name: "\u3164" }, "invalid_characters"],
    ["[T20] two scripts in a name", { name: "Аnn" }, "invalid_characters"],
    ["[U19] a direction override", { name: "a\u202eb" }, "invalid_characters"],
    ["[M4] a name of the place", { name: "Administrator" }, "name_confusable"],
    ["a user name of the place", { username: "admin" }, "name_confusable"],
    [
      "[T20] a look-alike of such a user name",
      { username: "adrnin" },
      "name_confusable",
    ],
  ];
  for (const [what, fields, code] of refused) {
    test(`with ${what}: ${code}, and they stay a guest`, async () => {
      const guest = await joinAs(server, "Guest");
      const answer = await claim(guest.cookie, {
        ...account("wrongly99"),
        ...fields,
      });
      expect(answer.json).toMatchObject({ error: { code } });
      const { json } = await askHttp(server, "/api/me", guest);
      expect(json).toEqual({ me: guest.me });
    });
  }

  test("[Q14] of 50 who want one user name at once, one gets it", async () => {
    const guests = await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        joinAs(server, `Racer ${index}`),
      ),
    );
    const answers = await Promise.all(
      guests.map(({ cookie }) => claim(cookie, account("racer"))),
    );
    const codes = answers.map(({ status, json }) =>
      status === 200
        ? "done"
        : (json as { error: { code: string } }).error.code,
    );
    expect(codes.toSorted()).toEqual([
      "done",
      ...new Array<string>(49).fill("name_taken"),
    ]);
  }, 60_000);
});

describe("[T20] [M4] an account's name", () => {
  beforeAll(async () => {
    await accountAs(server, "Kelvin", { username: "kelvin.c" });
  });

  for (const name of [
    "Kelvin",
    "KELVIN",
    "\u212aelvin",
    "ＫＥＬＶＩＮ",
    "KeIvin",
  ]) {
    test(`is not for a newcomer called ${name}`, async () => {
      const body = { email: "eve@example.org", name };
      const answer = await askHttp(server, "/api/join", { body });
      expectRefusal(answer, "name_confusable");
    });
  }

  test("is not to be had by a change either, nor as a user name", async () => {
    const guest = await joinAs(server, "Eve");
    expectRefusal(
      await change(guest.cookie, { name: "kelvin" }),
      "name_confusable",
    );
    const eve = await accountAs(server, "Eva");
    expectRefusal(
      await change(eve.cookie, { name: "kelvin.c" }),
      "name_confusable",
    );
    expectRefusal(
      await change(eve.cookie, { username: "kelvin" }),
      "name_confusable",
    );
    expectRefusal(
      await change(eve.cookie, { username: "kelvin.c" }),
      "name_taken",
    );
    expectRefusal(
      await change(eve.cookie, { username: "ke1vin.c" }),
      "name_confusable",
    );
  });

  test("is free again when its person is called otherwise, and is no obstacle to themselves", async () => {
    const { cookie } = await accountAs(server, "Lena Lang");
    expect((await change(cookie, { name: "LENA LANG" })).status).toBe(200);
    expect((await change(cookie, { name: "Lena Kurz" })).status).toBe(200);
    expect((await joinAs(server, "Lena Lang")).me.name).toBe("Lena Lang");
  });

  test("of a guest is not: two may be called the same", async () => {
    await joinAs(server, "Twin");
    expect((await joinAs(server, "Twin")).me.name).toBe("Twin");
  });
});
