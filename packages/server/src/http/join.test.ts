import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { ErrorCode, Me } from "@parley/protocol";
import { hashToken } from "../identifiers.ts";
import { askHttp, expectRefusal } from "../testing/ask-http.ts";
import { generous } from "../testing/generous.ts";
import { readRows } from "../testing/read-rows.ts";
import {
  startTestServer,
  type TestServer,
} from "../testing/start-test-server.ts";
import { joinAs, roomsOf } from "../testing/test-guest.ts";

const ann = { email: "ann@example.org", name: "Ann" };

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer(generous);
});
afterAll(() => server[Symbol.asyncDispose]());

const join = (body: object | string, headers: Record<string, string> = {}) =>
  askHttp(server, "/api/join", { body, headers });

const rowsOf = (table: string) => readRows(server, table);

describe("joining", () => {
  test("answers who one is and sets the session's cookie", async () => {
    const answer = await join(ann);
    expect(answer.status).toBe(200);
    expect(answer.json).toEqual({
      me: {
        id: expect.stringMatching(/^u_[0-9A-Za-z]{10}$/) as string,
        name: "Ann",
        kind: "guest",
        email: "ann@example.org",
      },
    });
    expect(answer.headers.get("set-cookie")).toMatch(
      /^parley_sid=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=7776000$/,
    );
    expect(answer.headers.get("cache-control")).toBe("no-store");
  });

  test("whoever joined is signed in, and in the lobby", async () => {
    const guest = await joinAs(server, "Ben");
    const { json } = await askHttp(server, "/api/me", guest);
    expect(json).toEqual({ me: guest.me });
    const { rooms } = await roomsOf(server, guest);
    expect(rooms.map(({ kind }) => kind)).toEqual(["lobby"]);
  });

  test("the same address twice is two people: an address proves nothing", async () => {
    const first = (await join(ann)).json as { me: Me };
    const second = (await join(ann)).json as { me: Me };
    expect(second.me.id).not.toBe(first.me.id);
    expect(second.me.email).toBe(first.me.email);
  });

  test("a name is stored composed, with single spaces; an address without spaces at its ends", async () => {
    const { json } = await join({
      email: " zoe@example.org\n",
      name: "  Zoe\u0308   van\tDam ",
    });
    expect(json).toMatchObject({
      me: { email: "zoe@example.org", name: "Zoë van Dam" },
    });
  });

  test("[T11] a name that means something to a program is a name", async () => {
    for (const name of ["__proto__", "constructor", "toString", "<b>Ann</b>"]) {
      expect((await join({ ...ann, name })).json).toMatchObject({
        me: { name },
      });
    }
  });

  test("only the SHA-256 of the cookie's secret is in the database", async () => {
    const { cookie, me } = await joinAs(server, "Ann");
    const token = cookie.slice("parley_sid=".length);
    const sessions = await rowsOf("sessions");
    const session = sessions.find(({ person }) => person === me.id);
    expect(session?.["token_hash"]).toBe(hashToken(token));
    for (const table of ["sessions", "people", "events", "meta"]) {
      expect(JSON.stringify(await rowsOf(table))).not.toContain(token);
    }
  });

  test("[T3] a cookie that somebody planted is not taken over: the secret is always new", async () => {
    const planted = "a".repeat(43);
    const answer = await join(ann, { cookie: `parley_sid=${planted}` });
    expect(answer.status).toBe(200);
    expect(answer.headers.get("set-cookie")).not.toContain(planted);
    const old = { cookie: `parley_sid=${planted}` };
    expectRefusal(await askHttp(server, "/api/me", old), "unauthenticated");
  });

  test("[T3] joining again in one browser ends the session before", async () => {
    const first = await joinAs(server, "First");
    const answer = await join(ann, { cookie: first.cookie });
    expect(answer.status).toBe(200);
    expectRefusal(await askHttp(server, "/api/me", first), "unauthenticated");
    const members = await rowsOf("members");
    expect(members.filter(({ person }) => person === first.me.id)).toEqual([]);
  });

  test("[Q22] headers that would change method or address of the caller are ignored", async () => {
    const answer = await join(ann, {
      "x-http-method-override": "DELETE",
      "x-original-url": "/api/leave",
      "x-forwarded-for": "1.2.3.4, 5.6.7.8",
      "x-forwarded-proto": "https",
    });
    expect(answer.status).toBe(200);
    expect(answer.headers.get("set-cookie")).toStartWith("parley_sid=");
  });
});

describe("what joining refuses", () => {
  const cases: [string, object | string, ErrorCode][] = [
    ["no fields", {}, "missing_field"],
    ["no name", { email: ann.email }, "missing_field"],
    ["no e-mail", { name: ann.name }, "missing_field"],
    ["[J9] null for a name", { ...ann, name: null }, "invalid_type"],
    ["[J9] a number for a name", { ...ann, name: 12 }, "invalid_type"],
    ["[T10] a list for an e-mail", { ...ann, email: ["a@b"] }, "invalid_type"],
    ["[T10] a query object", { ...ann, email: { $ne: null } }, "invalid_type"],
    ["no object", [ann], "invalid_type"],
    [
      "[T9] a field that is not known",
      { ...ann, role: "admin" },
      "unknown_field",
    ],
    ["a misspelt field", { ...ann, nmae: "x" }, "unknown_field"],
    [
      "[T11] a key that reaches a prototype",
      `{"email":"a@b","name":"x","__proto__":{"kind":"member"}}`,
      "unknown_field",
    ],
    [
      "[Q10] an e-mail of 10,000 characters",
      { ...ann, email: `${"x".repeat(9_988)}@example.org` },
      "invalid_email",
    ],
    ["[Q10] two @", { ...ann, email: "a@b@c" }, "invalid_email"],
    [
      "[Q10] a quoted local part",
      { ...ann, email: '"a b"@c' },
      "invalid_email",
    ],
    [
      "[Q10] [T57] a line break in the e-mail",
      { ...ann, email: "a@b\r\nBcc: c@d" },
      "invalid_email",
    ],
    ["an empty e-mail", { ...ann, email: "" }, "invalid_email"],
    [
      "[J16] half a character in the e-mail",
      { ...ann, email: "a\ud800@b" },
      "invalid_email",
    ],
    ["an empty name", { ...ann, name: "" }, "invalid_name"],
    ["a name of white space", { ...ann, name: " \t\n " }, "invalid_name"],
    [
      "a name of 65 characters",
      { ...ann, name: "x".repeat(65) },
      "invalid_name",
    ],
    [
      "[T19] a direction override in the name",
      { ...ann, name: "user\u202egnp.exe" },
      "invalid_characters",
    ],
    [
      "[T20] an invisible name",
      { ...ann, name: "\u3164" },
      "invalid_characters",
    ],
    [
      "[T20] an invisible character behind a name",
      { ...ann, name: "Admin\u200b" },
      "invalid_characters",
    ],
    [
      "[J17] NUL in the name",
      { ...ann, name: "a\u0000b" },
      "invalid_characters",
    ],
    [
      "[U22] an escape sequence in the name",
      { ...ann, name: "\u001b[31mAnn" },
      "invalid_characters",
    ],
    [
      "[T21] a tower of marks",
      { ...ann, name: `a${"\u0301".repeat(20)}` },
      "invalid_characters",
    ],
    [
      "[J16] half a character in the name",
      `{"email":"a@b","name":"\\ud800"}`,
      "invalid_text",
    ],
  ];
  for (const [what, body, code] of cases) {
    test(`${what}: ${code}`, async () => {
      const headers = { "content-type": "application/json" };
      expectRefusal(await join(body, headers), code);
    });
  }

  const notJson = ["", "{", "null x", '{"email":"a@b","name":"x"', "\ufeff{}"];
  for (const body of notJson) {
    test(`[J1] ${JSON.stringify(body)}: bad_json`, async () => {
      const headers = { "content-type": "application/json" };
      expectRefusal(await join(body, headers), "bad_json");
    });
  }

  test("bytes that are not UTF-8: bad_json", async () => {
    const response = await fetch(`${server.url}/api/join`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: Uint8Array.from([0x7b, 0x22, 0xff, 0x22, 0x7d]),
    });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      error: { code: "bad_json" },
    });
  });

  test("[J3] JSON nested 30,000 deep is refused like any other list", async () => {
    const deep = "[".repeat(30_000) + "]".repeat(30_000);
    const headers = { "content-type": "application/json" };
    expectRefusal(await join(deep, headers), "invalid_type");
  });

  test("what was refused left nobody behind", async () => {
    const before = (await rowsOf("people")).length;
    await join({ ...ann, name: "" });
    await join({ ...ann, role: "admin" });
    expect(await rowsOf("people")).toHaveLength(before);
  });
});

describe("over https", () => {
  test("the cookie is Secure, bound to the host, and lives for PARLEY_SESSION_DAYS", async () => {
    await using secure = await startTestServer({
      PARLEY_URL: "https://chat.example.org",
      PARLEY_SESSION_DAYS: "2",
    });
    const { headers } = await askHttp(secure, "/api/join", { body: ann });
    expect(headers.get("set-cookie")).toMatch(
      /^__Host-sid=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Secure; Max-Age=172800$/,
    );
    expect(headers.get("strict-transport-security")).toBe("max-age=31536000");
  });
});

describe("how often one may join", () => {
  test("60 from one address at once, so that a classroom gets in; then 429 with the time to wait", async () => {
    await using classroom = await startTestServer();
    const statuses: number[] = [];
    for (let pupil = 0; pupil < 60; pupil += 1) {
      const body = { ...ann, name: `Pupil ${pupil}` };
      const { status } = await askHttp(classroom, "/api/join", { body });
      statuses.push(status);
    }
    expect(new Set(statuses)).toEqual(new Set([200]));

    // A token comes back per second: the loop above may have earned some.
    let late = await askHttp(classroom, "/api/join", { body: ann });
    for (let more = 0; more < 30 && late.status === 200; more += 1) {
      late = await askHttp(classroom, "/api/join", { body: ann });
    }
    expect(late.status).toBe(429);
    const { error } = late.json as {
      error: { code: string; message: string; retryAfterMs: number };
    };
    expect(error.code).toBe("rate_limited");
    expect(error.retryAfterMs).toBeWithin(1, 1_001);
    expect(late.headers.get("retry-after")).toBe("1");
  });

  test("[T50] a forged X-Forwarded-For is not another address", async () => {
    await using strict = await startTestServer({
      PARLEY_JOIN_RATE: "1/h burst 1",
    });
    const asked = (address: string) =>
      askHttp(strict, "/api/join", {
        body: ann,
        headers: { "x-forwarded-for": address },
      });
    expect((await asked("1.1.1.1")).status).toBe(200);
    expect((await asked("2.2.2.2")).status).toBe(429);
  });

  test("what was refused for its form does not count", async () => {
    await using strict = await startTestServer({
      PARLEY_JOIN_RATE: "1/h burst 1",
    });
    const asked = (body: object) => askHttp(strict, "/api/join", { body });
    expect((await asked({ ...ann, name: "" })).status).toBe(400);
    expect((await asked(ann)).status).toBe(200);
  });
});
