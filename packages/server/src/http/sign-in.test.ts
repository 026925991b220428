import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { ErrorCode } from "@parley/protocol";
import { askHttp, expectRefusal } from "../testing/ask-http.ts";
import { generous } from "../testing/generous.ts";
import { readRows } from "../testing/read-rows.ts";
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
import { joinAs, roomsOf } from "../testing/test-guest.ts";

let server: TestServer;
let ann: TestAccount;
beforeAll(async () => {
  server = await startTestServer(generous);
  ann = await accountAs(server, "Ann", { username: "ann" });
});
afterAll(() => server[Symbol.asyncDispose]());

const isSignedIn = async (cookie: string): Promise<boolean> =>
  (await askHttp(server, "/api/me", { cookie })).status === 200;

describe("signing in", () => {
  for (const login of [
    "ann",
    "Ann",
    " ANN ",
    "ann@example.org",
    "Ann@Example.ORG",
  ]) {
    test(`with ${JSON.stringify(login)} answers who one is and sets a new cookie`, async () => {
      const answer = await signIn(server, login, goodPassword);
      expect(answer).toMatchObject({ status: 200, json: { me: ann.me } });
      expect(answer.headers.getSetCookie()[0]).toMatch(
        /^parley_sid=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=7776000$/,
      );
      const { cookie } = cookiesOf(answer);
      expect(cookie).not.toBe(ann.cookie);
      expect(await isSignedIn(cookie)).toBe(true);
      // The other session goes on.
      expect(await isSignedIn(ann.cookie)).toBe(true);
    });
  }

  test("leads to the rooms that one was in before", async () => {
    const { cookie } = cookiesOf(await signIn(server, "ann", goodPassword));
    const { rooms } = await roomsOf(server, { cookie });
    expect(rooms.map(({ kind }) => kind)).toContain("lobby");
  });

  test("[T3] a cookie that somebody planted is not taken over", async () => {
    const planted = `parley_sid=${"a".repeat(43)}`;
    const answer = await signIn(server, "ann", goodPassword, {
      cookie: planted,
    });
    expect(answer.status).toBe(200);
    expect(cookiesOf(answer).cookie).not.toBe(planted);
    expect(await isSignedIn(planted)).toBe(false);
  });

  test("[T3] ends the session that the browser had, whoever's it was", async () => {
    const guest = await joinAs(server, "Passing guest");
    const first = await signIn(server, "ann", goodPassword, {
      cookie: guest.cookie,
    });
    expect(await isSignedIn(guest.cookie)).toBe(false);
    const members = await readRows(server, "members");
    expect(members.filter(({ person }) => person === guest.me.id)).toEqual([]);
    const { cookie } = cookiesOf(first);
    await signIn(server, "ann", goodPassword, { cookie });
    expect(await isSignedIn(cookie)).toBe(false);
  });

  test("[T2] not from another site's page", async () => {
    const foreign = { origin: "https://evil.example" };
    expectRefusal(await signIn(server, "ann", goodPassword, foreign), "csrf");
  });

  test("where several accounts have one address, the oldest is the one it signs in", async () => {
    const email = "shared@example.org";
    const [first, second] = [
      await accountAs(server, "Older", { email }),
      await accountAs(server, "Younger", {
        email,
        password: "another horse battery",
      }),
    ];
    const older = await signIn(server, email, goodPassword);
    expect(older.json).toMatchObject({ me: { id: first.me.id } });
    const younger = await signIn(server, email, second.password);
    expectRefusal(younger, "wrong_password");
  });
});

describe("[T35] a wrong password and an unknown login", () => {
  test("are the same bytes, also of a guest's address, and no cookie is touched", async () => {
    await joinAs(server, "Guest with an address");
    const answers = await Promise.all(
      [
        "ann",
        "nobody",
        "ann@example.org",
        "nobody@example.org",
        "guest@example.org",
      ].map((login) => signIn(server, login, "wrong horse battery")),
    );
    for (const answer of answers) {
      expectRefusal(answer, "wrong_password");
      expect(answer.text).toBe(answers[0]!.text);
      expect(answer.headers.getSetCookie()).toEqual([]);
      const names = [...answer.headers.keys()].filter(
        (name) => name !== "date",
      );
      expect(names).toEqual(
        [...answers[0]!.headers.keys()].filter((name) => name !== "date"),
      );
    }
  });

  test("take the same time: 40 of each, medians apart by less than what a hash takes", async () => {
    await using open = await startTestServer({
      ...generous,
      PARLEY_LIMITS: "off",
    });
    await accountAs(open, "Ben", { username: "ben" });
    const time = async (login: string): Promise<number> => {
      const begun = performance.now();
      expectRefusal(
        await signIn(open, login, "wrong horse battery"),
        "wrong_password",
      );
      return performance.now() - begun;
    };
    const times: Record<string, number[]> = { ben: [], nobody: [] };
    // By turns, so that whatever else this machine does is the same for both.
    for (let index = 0; index < 40; index += 1) {
      for (const login of ["ben", "nobody"])
        times[login]!.push(await time(login));
    }
    const median = (of: number[]): number => of.toSorted((a, b) => a - b)[20]!;
    const [known, unknown] = [median(times["ben"]!), median(times["nobody"]!)];
    // Without the hash an unknown login would be answered in a millisecond or two.
    expect(unknown).toBeGreaterThan(15);
    expect(Math.abs(known - unknown)).toBeLessThan(Math.max(5, known / 3));
  }, 60_000);
});

describe("[T36] guessing", () => {
  test("has five tries; the sixth is rate_limited with Retry-After: 1, from whatever address, and also for an unknown login", async () => {
    await using strict = await startTestServer({
      ...generous,
      PARLEY_TRUSTED_PROXIES: "127.0.0.1",
    });
    await accountAs(strict, "Cleo", { username: "cleo" });
    for (const login of ["cleo", "nobody"]) {
      const from = (index: number) => ({
        "x-forwarded-for": `203.0.113.${index}`,
      });
      for (let index = 0; index < 5; index += 1) {
        const answer = await signIn(strict, login, "wrong", from(index));
        expectRefusal(answer, "wrong_password");
      }
      const late = await signIn(strict, login, goodPassword, from(50));
      expect(late.status).toBe(429);
      expect(late.json).toMatchObject({ error: { code: "rate_limited" } });
      expect(late.headers.get("retry-after")).toBe("1");
    }
  }, 30_000);

  test("keeps the owner out of no browser in which they have signed in before", async () => {
    const dora = await accountAs(server, "Dora", { username: "dora" });
    for (let index = 0; index < 5; index += 1) {
      await signIn(server, "dora", "wrong horse battery");
    }
    expect((await signIn(server, "dora", goodPassword)).status).toBe(429);
    const known = { cookie: dora.device };
    expect((await signIn(server, "dora", goodPassword, known)).status).toBe(
      200,
    );
    // Somebody else's device is nobody's.
    const other = { cookie: ann.device };
    expect((await signIn(server, "dora", goodPassword, other)).status).toBe(
      429,
    );
  });

  test("is bounded per address as well: 20, and then 10 a minute", async () => {
    await using strict = await startTestServer();
    const answers: number[] = [];
    for (let index = 0; index < 21; index += 1) {
      answers.push((await signIn(strict, `somebody${index}`, "wrong")).status);
    }
    expect(answers).toEqual([...new Array<number>(20).fill(401), 429]);
  }, 30_000);
});

describe("[Q10] what is no sign-in", () => {
  const cases: [string, object | string, ErrorCode][] = [
    ["no password", { login: "ann" }, "missing_field"],
    ["no login", { password: "x" }, "missing_field"],
    ["an empty password", { login: "ann", password: "" }, "invalid_value"],
    ["null for a password", { login: "ann", password: null }, "invalid_type"],
    [
      "[T10] a query object",
      { login: "ann", password: { $ne: null } },
      "invalid_type",
    ],
    [
      "a list of passwords",
      { login: "ann", password: ["a", "b"] },
      "invalid_type",
    ],
    ["a list of logins", { login: ["ann"], password: "x" }, "invalid_type"],
    ["a number", { login: "ann", password: 15 }, "invalid_type"],
    ["129 characters", { login: "ann", password: "x".repeat(129) }, "too_long"],
    [
      "half a character",
      `{"login":"ann","password":"\\ud800"}`,
      "invalid_text",
    ],
    ["1 MB", { login: "ann", password: "x".repeat(1_000_000) }, "too_large"],
    [
      "[T9] a field that is not known",
      { login: "ann", password: "x", role: "owner" },
      "unknown_field",
    ],
    [
      "an address of 10,000 characters",
      { login: `${"x".repeat(9_988)}@example.org`, password: "x" },
      "invalid_email",
    ],
    ["two @", { login: "a@b@c", password: "x" }, "invalid_email"],
    [
      "a quoted local part",
      { login: '"a b"@c', password: "x" },
      "invalid_email",
    ],
    [
      "[T57] a line break",
      { login: "a@b\r\nBcc: c@d", password: "x" },
      "invalid_email",
    ],
    ["an empty login", { login: "", password: "x" }, "invalid_username"],
    [
      "what cannot be a user name",
      { login: "Ann Lee'; --", password: "x" },
      "invalid_username",
    ],
    [
      "a user name of 33 characters",
      { login: "a".repeat(33), password: "x" },
      "invalid_username",
    ],
  ];
  for (const [what, body, code] of cases) {
    test(`${what}: ${code}, and nothing is hashed for it`, async () => {
      const headers = { "content-type": "application/json" };
      const text = typeof body === "string" ? body : JSON.stringify(body);
      const begun = performance.now();
      const answer = await askHttp(server, "/api/sign-in", {
        body: text,
        headers,
      });
      expect(answer.status).toBe(code === "too_large" ? 413 : 400);
      expect(answer.json).toMatchObject({ error: { code } });
      expect(performance.now() - begun).toBeLessThan(1_000);
    });
  }

  test("[Q10] an address outside ASCII is one like any other", async () => {
    expectRefusal(
      await signIn(server, "änn@例え.jp", "wrong"),
      "wrong_password",
    );
  });
});

test("[Q11] 50 wrong ones at once: each is refused, and the chat goes on meanwhile", async () => {
  let left = 50;
  const asked = Array.from({ length: left }, (_, index) =>
    signIn(server, `nobody${index}`, "wrong horse battery").finally(() => {
      left -= 1;
    }),
  );
  const delays: number[] = [];
  while (left > 0) {
    const begun = performance.now();
    expect((await askHttp(server, "/api/server")).status).toBe(200);
    delays.push(performance.now() - begun);
    await Bun.sleep(5);
  }
  for (const answer of await Promise.all(asked))
    expect([401, 503]).toContain(answer.status);
  // Four threads compute on what may be two cores; the loop itself is free.
  expect(delays.toSorted((a, b) => a - b)[delays.length >> 1]).toBeLessThan(
    100,
  );
}, 30_000);
