import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { hashToken, newSessionToken } from "../identifiers.ts";
import {
  askHttp,
  expectRefusal,
  type HttpAnswer,
} from "../testing/ask-http.ts";
import { changeRows } from "../testing/change-rows.ts";
import { enter } from "../testing/enter.ts";
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

const next = "another horse battery";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer(generous);
});
afterAll(() => server[Symbol.asyncDispose]());

const reset = (token: unknown, password: unknown = next): Promise<HttpAnswer> =>
  askHttp(server, "/api/reset", { body: { token, password } });

/** A link as the administration makes it. */
async function linkFor(
  person: string,
  { purpose = "reset", forMs = 3_600_000 } = {},
): Promise<string> {
  const token = newSessionToken();
  const now = Date.now();
  await changeRows(server, [
    `insert into links (token_hash, purpose, person, created_at, expires_at)
      values ('${hashToken(token)}', '${purpose}', '${person}', ${now}, ${now + forMs})`,
  ]);
  return token;
}

describe("choosing a password with a link", () => {
  test("signs in, ends all sessions before with their sockets, and works once", async () => {
    const ann = await accountAs(server, "Ann", { username: "ann" });
    const { socket } = await enter(server, "", { guest: ann });
    const token = await linkFor(ann.me.id);
    const other = await linkFor(ann.me.id);
    const answer = await reset(token);
    expect(answer).toMatchObject({ status: 200, json: { me: ann.me } });
    expect((await socket.closed).code).toBe(4003);
    expectRefusal(await askHttp(server, "/api/me", ann), "unauthenticated");
    const { cookie } = cookiesOf(answer);
    const { json } = await askHttp(server, "/api/me", { cookie });
    expect(json).toEqual({ me: ann.me });
    expectRefusal(await signIn(server, "ann", goodPassword), "wrong_password");
    expect((await signIn(server, "ann", next)).status).toBe(200);
    // No other link is left either: whoever asked for it may be somebody else.
    for (const used of [token, other]) {
      expectRefusal(await reset(used), "link_invalid");
    }
    expect(JSON.stringify(await readRows(server, "credentials"))).not.toContain(
      next,
    );
  });

  test("[T3] ends the session that the browser had", async () => {
    const [ben, cleo] = [
      await accountAs(server, "Ben"),
      await accountAs(server, "Cleo"),
    ];
    const token = await linkFor(ben.me.id);
    const answer = await askHttp(server, "/api/reset", {
      body: { token, password: next },
      cookie: cleo.cookie,
    });
    expect(answer.json).toMatchObject({ me: { id: ben.me.id } });
    expectRefusal(await askHttp(server, "/api/me", cleo), "unauthenticated");
  });

  test("keeps the link when the password is weak", async () => {
    const { me, username } = await accountAs(server, "Dora", {
      username: "doradoo",
    });
    const token = await linkFor(me.id);
    for (const weak of [
      "short",
      `it is ${username} again`,
      "passwordpassword",
    ]) {
      expectRefusal(await reset(token, weak), "weak_password");
    }
    expect((await reset(token)).status).toBe(200);
  });

  test("used twenty times at once works once", async () => {
    const { me } = await accountAs(server, "Eve");
    const token = await linkFor(me.id);
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        reset(token, `${index} ${next}`),
      ),
    );
    const statuses = answers.map(({ status }) => status).toSorted();
    expect(statuses).toEqual([200, ...new Array<number>(19).fill(404)]);
  }, 30_000);

  test("gives who was added by an administrator the first password they have", async () => {
    const { me, username } = await accountAs(server, "Fay");
    await changeRows(server, [
      `delete from credentials where person = '${me.id}'`,
    ]);
    expectRefusal(
      await signIn(server, username, goodPassword),
      "wrong_password",
    );
    expect((await reset(await linkFor(me.id))).status).toBe(200);
    expect((await signIn(server, username, next)).status).toBe(200);
  });
});

describe("[Q12] a link that does not work", () => {
  let ann: TestAccount;
  const tokens: Record<string, string> = {};
  beforeAll(async () => {
    ann = await accountAs(server, "Greta");
    const { id } = ann.me;
    const used = await linkFor(id);
    await reset(used);
    const good = await linkFor(id);
    const gone = await accountAs(server, "Gone");
    const ofGone = await linkFor(gone.me.id);
    await changeRows(server, [
      `update people set suspended_at = 1 where id = '${gone.me.id}'`,
    ]);
    Object.assign(tokens, {
      used,
      expired: await linkFor(id, { forMs: -1 }),
      "for something else": await linkFor(id, { purpose: "setup" }),
      "one character short": good.slice(1),
      "one character long": `${good}a`,
      "in another case": good.toUpperCase(),
      unknown: newSessionToken(),
      empty: "",
      "ten thousand characters long": "x".repeat(10_000),
      "of who is suspended": ofGone,
    });
  });

  test("is link_invalid whatever the reason: the same bytes, and no hash is computed", async () => {
    const texts = new Set<string>();
    for (const token of Object.values(tokens)) {
      const begun = performance.now();
      const answer = await reset(token);
      expectRefusal(answer, "link_invalid");
      expect(answer.headers.getSetCookie()).toEqual([]);
      texts.add(answer.text);
      // A hash alone takes longer on most machines; the bound is for a busy one.
      expect(performance.now() - begun).toBeLessThan(1_000);
    }
    expect(texts.size).toBe(1);
    expect(Object.keys(tokens)).toHaveLength(10);
  });

  test("says so also where the password would be weak", async () => {
    expectRefusal(await reset("nonsense", "short"), "link_invalid");
  });

  test("[T10] is invalid_type when it is no text", async () => {
    expectRefusal(await reset({ $ne: null }), "invalid_type");
    expectRefusal(await reset(["a"]), "invalid_type");
    expectRefusal(await reset("nonsense", null), "invalid_type");
  });
});
