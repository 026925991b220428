import type { Me } from "@parley/protocol";
import { askHttp, type HttpAnswer } from "./ask-http.ts";
import type { TestServer } from "./start-test-server.ts";
import { joinAs, type TestGuest } from "./test-guest.ts";

export const goodPassword = "correct horse battery";

/** Somebody with an account, signed in where they made it. */
export interface TestAccount extends TestGuest {
  username: string;
  password: string;
  /** What the browser was given to be known by. */
  device: string;
}

let made = 0;

/** Joins as a guest and claims the account. */
export async function accountAs(
  server: Pick<TestServer, "url">,
  name: string,
  given: Partial<Record<"username" | "email" | "password", string>> = {},
): Promise<TestAccount> {
  const username = given.username ?? `user${(made += 1)}`;
  const { email = `${username}@example.org`, password = goodPassword } = given;
  const { cookie } = await joinAs(server, name);
  const body = { email, username, password };
  const answer = await askHttp(server, "/api/account", { cookie, body });
  if (answer.status !== 200) throw new Error(`claim: ${answer.text}`);
  const { me } = answer.json as { me: Me };
  return { me, username, password, ...cookiesOf(answer) };
}

/** The session's cookie and the device's, as a browser would send them back. */
export function cookiesOf({ headers }: Pick<HttpAnswer, "headers">): {
  cookie: string;
  device: string;
} {
  const sent = headers.getSetCookie().map((one) => one.split(";")[0] ?? "");
  const find = (name: string): string =>
    sent.find((one) => one.startsWith(name)) ?? "";
  return { cookie: find("parley_sid="), device: find("parley_device=") };
}

export function signIn(
  server: Pick<TestServer, "url">,
  login: string,
  password: string,
  { cookie, ...headers }: { cookie?: string; [header: string]: string } = {},
): Promise<HttpAnswer> {
  return askHttp(server, "/api/sign-in", {
    body: { login, password },
    headers,
    ...(cookie === undefined ? {} : { cookie }),
  });
}
