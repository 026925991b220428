import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import type { Me } from "@parley/protocol";
import { newLinkToken } from "../identifiers.ts";
import { askHttp, expectRefusal } from "../testing/ask-http.ts";
import { enter } from "../testing/enter.ts";
import { generous } from "../testing/generous.ts";
import { setupAnswers, setupCode } from "../testing/owned-place.ts";
import {
  startTestServer,
  type OpenTestServer,
} from "../testing/start-test-server.ts";
import { cookiesOf, signIn } from "../testing/test-account.ts";
import { joinAs } from "../testing/test-guest.ts";

// Passwords take their time.
setDefaultTimeout(20_000);

const servers: OpenTestServer[] = [];
const start = async (environment = {}): Promise<OpenTestServer> => {
  const server = await startTestServer({ ...generous, ...environment });
  servers.push(server);
  return server;
};
afterAll(() => Promise.all(servers.map((one) => one[Symbol.asyncDispose]())));

const setUp = (
  server: OpenTestServer,
  body: object,
  cookie?: string,
): ReturnType<typeof askHttp> =>
  askHttp(server, "/api/setup", {
    body: { ...setupAnswers, ...body },
    ...(cookie === undefined ? {} : { cookie }),
  });

let server: OpenTestServer;
beforeAll(async () => {
  server = await start();
});

test("[T37] without the code, with another or with nothing behind the #: 403, and nobody owns the place", async () => {
  await setupCode(server);
  for (const code of ["", "nonsense", newLinkToken()]) {
    expectRefusal(await setUp(server, { code }), "forbidden");
  }
  const { json } = await askHttp(server, "/api/server");
  expect(json).toMatchObject({ isClaimed: false, name: "Parley" });
});

test("[Q10] what cannot be is refused before anything is decided, and the link still works", async () => {
  const code = await setupCode(server);
  const wrong: [object, Parameters<typeof expectRefusal>[1]][] = [
    [{ password: "short" }, "weak_password"],
    [{ password: "our place is our place" }, "weak_password"],
    [{ username: "O" }, "invalid_username"],
    [{ username: "admin" }, "name_confusable"],
    [{ email: "nowhere" }, "invalid_email"],
    [{ name: "" }, "invalid_name"],
    [{ role: "owner" }, "unknown_field"],
    [{ place: { ...setupAnswers.place, domains: ["a b"] } }, "invalid_domain"],
    [{ place: { ...setupAnswers.place, joinMode: "maybe" } }, "invalid_value"],
    [{ place: { ...setupAnswers.place, owner: 1 } }, "unknown_field"],
    [{ place: undefined }, "missing_field"],
  ];
  for (const [body, refusal] of wrong) {
    expectRefusal(await setUp(server, { code, ...body }), refusal);
  }
  const right = await setUp(server, { code });
  expect(right.status).toBe(200);
  expect(right.json).toEqual({
    me: {
      ...{ id: expect.any(String) as string, name: "Olga", kind: "member" },
      ...{ rank: "owner", username: "olga", email: "olga@example.org" },
    },
  });
  const { cookie } = cookiesOf(right);
  const { json } = await askHttp(server, "/api/server", { cookie });
  expect(json).toEqual({
    ...{ name: "Our place", joinMode: "open", language: "auto" },
    ...{ roomsBy: "everybody", isClaimed: true, passwordLength: 15 },
    ...(right.json as { me: Me }),
  });
  // Who has just chosen a password need not show it again.
  const { settings } = (
    await askHttp(server, "/api/admin/settings", { cookie })
  ).json as { settings: object };
  const change = { method: "PATCH", cookie, body: { roomsBy: "members" } };
  const changed = await askHttp(server, "/api/admin/settings", change);
  expect(changed.json).toEqual({
    settings: { ...settings, roomsBy: "members" },
  });
  expect((await signIn(server, "olga", setupAnswers.password)).status).toBe(
    200,
  );
});

test("[T37] [Q26] a second run answers 404, with the code or without", async () => {
  const own = await start();
  const [one, other] = [await setupCode(own), await setupCode(own)];
  expect((await setUp(own, { code: one })).status).toBe(200);
  for (const code of [one, other, "nonsense"]) {
    expectRefusal(await setUp(own, { code }), "link_invalid");
  }
});

test("[T37] [Q13] two who come with the link at once: one owner", async () => {
  const own = await start();
  const code = await setupCode(own);
  const answers = await Promise.all(
    ["olga", "oskar"].map((username) =>
      setUp(own, { code, username, name: `The ${username}` }),
    ),
  );
  expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 404]);
});

test("[T3] a guest who is signed in becomes the owner: the same person, another session, and sockets that knew the old one end", async () => {
  const own = await start();
  const gus = await enter(own, "Gus");
  await gus.say("first");
  const code = await setupCode(own);
  const answer = await setUp(own, { code }, gus.guest.cookie);
  const { me } = answer.json as { me: Me };
  expect(me).toMatchObject({ id: gus.id, name: "Olga", rank: "owner" });
  expect((await gus.socket.closed).code).toBe(4003);
  const { cookie } = cookiesOf(answer);
  expect(cookie).not.toBe(gus.guest.cookie);
  const old = await askHttp(own, "/api/me", { cookie: gus.guest.cookie });
  expectRefusal(old, "unauthenticated");
  const olga = await enter(own, "", { guest: { me, cookie } });
  expect(await olga.say("as the owner")).toMatchObject({ type: "ok" });
  await olga.leave();
});

test("guests come in before anybody owns the place, and after it as it was decided", async () => {
  const own = await start();
  await joinAs(own, "Early");
  const place = { ...setupAnswers.place, joinMode: "invitation" };
  const code = await setupCode(own);
  expect((await setUp(own, { code, place })).status).toBe(200);
  const body = { email: "a@b.c", name: "Late" };
  const late = await askHttp(own, "/api/join", { body });
  expectRefusal(late, "invitation_needed");
});

test("codes are tried as often as PARLEY_LINK_RATE says", async () => {
  const own = await start({ PARLEY_LINK_RATE: "1/h burst 2" });
  for (const code of ["one", "two"]) {
    expectRefusal(await setUp(own, { code }), "forbidden");
  }
  const third = await setUp(own, { code: "three" });
  expect(third.status).toBe(429);
  expect(third.headers.get("retry-after")).not.toBeNull();
});
