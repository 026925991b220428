import type { Me, PlaceSettings, Rank } from "@parley/protocol";
import { makeSetupLink } from "../commands/make-links.ts";
import { founder } from "../store/founder.ts";
import { askHttp, type HttpAnswer, type HttpQuestion } from "./ask-http.ts";
import type { OpenTestServer } from "./start-test-server.ts";
import {
  accountAs,
  cookiesOf,
  goodPassword,
  type TestAccount,
} from "./test-account.ts";

/** What the link ends with that a start prints. */
export async function setupCode(server: OpenTestServer): Promise<string> {
  const made = await makeSetupLink(server);
  if (made === undefined) throw new Error("it has an owner");
  return made.token;
}

/** What the first run asks for. */
export const setupAnswers = {
  place: { name: "Our place", joinMode: "open", domains: [], language: "auto" },
  ...{ email: "olga@example.org", name: "Olga", username: "olga" },
  password: goodPassword,
};

/** Somebody becomes the owner, as by the link of the first start. */
export async function ownPlace(server: OpenTestServer): Promise<TestAccount> {
  const body = { code: await setupCode(server), ...setupAnswers };
  const answer = await askHttp(server, "/api/setup", { body });
  if (answer.status !== 200) throw new Error(`setup: ${answer.text}`);
  const { me } = answer.json as { me: Me };
  const { username, password } = setupAnswers;
  return { me, username, password, ...cookiesOf(answer) };
}

/** Somebody with an account and this role, signed in. */
export async function accountOf(
  server: OpenTestServer,
  role: Rank | "member",
  name = "Somebody",
): Promise<TestAccount> {
  const account = await accountAs(server, `${name} ${(made += 1)}`);
  const person = account.me.id;
  if (role !== "member") {
    await server.store.write("setRole", { by: founder, person, role });
  }
  return account;
}

let made = 0;

/** Decides something for the place, as its operator. */
export function decide(
  server: OpenTestServer,
  changes: Partial<PlaceSettings>,
): Promise<unknown> {
  return server.store.write("changeSettings", { by: founder, changes });
}

/** A question in somebody's name. */
export function as(
  server: OpenTestServer,
  { cookie }: { cookie: string },
): (path: string, question?: HttpQuestion) => Promise<HttpAnswer> {
  return (path, question = {}) =>
    askHttp(server, path, { cookie, ...question });
}
