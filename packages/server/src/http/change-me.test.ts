import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { Database } from "bun:sqlite";
import type { ErrorCode, Me } from "@parley/protocol";
import { rmSync } from "node:fs";
import path from "node:path";
import { databaseFile } from "../store/sqlite/open.ts";
import {
  askHttp,
  expectRefusal,
  type HttpAnswer,
} from "../testing/ask-http.ts";
import { isOnCluster } from "../testing/cluster-places.ts";
import { enter } from "../testing/enter.ts";
import { generous } from "../testing/generous.ts";
import { readRows } from "../testing/read-rows.ts";
import {
  startTestServer,
  type TestServer,
} from "../testing/start-test-server.ts";
import { temporaryFolder } from "../testing/temporary-folder.ts";
import { accountAs, goodPassword, signIn } from "../testing/test-account.ts";
import { joinAs } from "../testing/test-guest.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer(generous);
});
afterAll(() => server[Symbol.asyncDispose]());

const change = (cookie: string, body: object): Promise<HttpAnswer> =>
  askHttp(server, "/api/me", { cookie, body, method: "PATCH" });

describe("changing what one is called", () => {
  const folder = temporaryFolder();
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  test("is known at once: to oneself, in the inbox and over HTTP, and to the room", async () => {
    const mia = await enter(server, "Mia");
    const witness = await enter(server, "Witness");
    const answer = await change(mia.guest.cookie, { name: "  Mia   Neu " });
    const me: Me = { ...mia.guest.me, name: "Mia Neu" };
    expect(answer).toMatchObject({ status: 200, json: { me } });
    const own = await mia.socket.next(({ type }) => type === "me.changed");
    expect(own).toMatchObject({ stream: "inbox", me });
    const told = await witness.socket.next(
      ({ type }) => type === "member.changed",
    );
    expect(told["person"]).toEqual({
      id: mia.id,
      name: "Mia Neu",
      kind: "guest",
    });
    for (const path of ["/api/me", "/api/server"]) {
      const { json } = await askHttp(server, path, mia.guest);
      expect(json).toMatchObject({ me });
    }
    await witness.leave();
  });

  test("to what it is already tells nobody", async () => {
    const guest = await joinAs(server, "Same");
    const before = (await readRows(server, "events")).length;
    expect((await change(guest.cookie, { name: "Same" })).status).toBe(200);
    expect((await change(guest.cookie, {})).json).toEqual({ me: guest.me });
    expect(await readRows(server, "events")).toHaveLength(before);
  });

  test("the new user name and the new address sign in, the old ones no more", async () => {
    const { cookie } = await accountAs(server, "Nora", { username: "nora" });
    const changes = { username: "Nora2", email: "nora2@example.org" };
    const answer = await change(cookie, changes);
    expect(answer.json).toMatchObject({
      me: { username: "nora2", email: changes.email },
    });
    for (const login of ["nora2", changes.email]) {
      expect((await signIn(server, login, goodPassword)).status).toBe(200);
    }
    for (const login of ["nora", "nora@example.org"]) {
      expectRefusal(
        await signIn(server, login, goodPassword),
        "wrong_password",
      );
    }
  });

  test("a guest has no user name to change", async () => {
    const { cookie } = await joinAs(server, "Guest");
    expectRefusal(await change(cookie, { username: "guest1" }), "forbidden");
    const answer = await change(cookie, { email: "new@example.org" });
    expect(answer.json).toMatchObject({ me: { email: "new@example.org" } });
  });

  const refused: [string, object, ErrorCode][] = [
    ["[T9] a role", { role: "administrator" }, "unknown_field"],
    ["[T9] a rank", { rank: "owner" }, "unknown_field"],
    ["[T9] an id", { id: "u_0founder0" }, "unknown_field"],
    ["null", { name: null }, "invalid_type"],
    ["a list", { name: ["Ann"] }, "invalid_type"],
    ["an empty name", { name: " " }, "invalid_name"],
    ["65 characters", { name: "x".repeat(65) }, "invalid_name"],
    ["two scripts", { name: "Ивaн" }, "invalid_characters"],
  ];
  for (const [what, body, code] of refused) {
    test(`${what}: ${code}`, async () => {
      const { cookie } = await accountAs(server, `Refused ${what}`);
      expectRefusal(await change(cookie, body), code);
    });
  }

  test.skipIf(isOnCluster)(
    "what protects the account asks for the password again after 15 minutes; the name does not",
    async () => {
      let olga;
      {
        await using first = await startTestServer(generous, {
          folder,
        });
        olga = await accountAs(first, "Olga", { username: "olga" });
      }
      const database = new Database(path.join(folder, databaseFile));
      database.run("update sessions set confirmed_at = confirmed_at - 900001");
      database.close();
      await using later = await startTestServer(generous, {
        folder,
      });
      const ask = (method: string, at: string, body: object) =>
        askHttp(later, at, { method, body, cookie: olga.cookie });
      for (const body of [{ username: "olga2" }, { email: "o@example.org" }]) {
        expectRefusal(await ask("PATCH", "/api/me", body), "sign_in_again");
      }
      expect((await ask("PATCH", "/api/me", { name: "Olga B" })).status).toBe(
        200,
      );
      await ask("POST", "/api/confirm", { password: goodPassword });
      const answer = await ask("PATCH", "/api/me", { username: "olga2" });
      expect(answer.json).toMatchObject({
        me: { username: "olga2", name: "Olga B" },
      });
    },
  );
});
