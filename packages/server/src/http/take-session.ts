import type { Context } from "hono";
import type { HttpEnv, HttpSurroundings } from "./context.ts";

/**
 * The browser goes on with a session that was just begun. Whoever was signed in
 * in it before is not any more, and their cookie opens nothing (T3). It is
 * known from now on as one that this person signs in with.
 */
export async function takeSession(
  c: Context<HttpEnv>,
  { accounts, cookie, endSockets, sessions }: HttpSurroundings,
  { token, person }: { token: string; person: string },
): Promise<void> {
  const cookies = c.req.header("cookie");
  const earlier = await sessions.find(cookie.read(cookies));
  if (earlier !== undefined) {
    await sessions.end(earlier);
    endSockets(earlier.tokenHash);
  }
  c.header("Set-Cookie", cookie.set(token));
  c.header("Set-Cookie", accounts.devices.remember(person, cookies), {
    append: true,
  });
}
