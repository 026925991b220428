import { afterAll, expect, test } from "bun:test";
import { rmSync } from "node:fs";
import { newSessionToken } from "../identifiers.ts";
import { askHttp } from "../testing/ask-http.ts";
import { startParley } from "../testing/parley-process.ts";
import { temporaryFolder } from "../testing/temporary-folder.ts";
import { accountAs, cookiesOf, signIn } from "../testing/test-account.ts";

const folder = temporaryFolder();
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

test("[T55] [T4] whatever is done with passwords and links, the log holds none of them, and no token", async () => {
  const password = "a password like no other";
  const chosen = "something else altogether";
  await using parley = await startParley({
    words: ["serve", "--port", "0", "--data", folder],
    environment: { PARLEY_HOST: "127.0.0.1", PARLEY_LOG: "debug" },
  });
  const link = newSessionToken();
  const ann = await accountAs(parley, "Ann", { username: "ann", password });
  await signIn(parley, "ann", `${password} but wrong`);
  const again = await signIn(parley, "ann", password);
  const { cookie } = cookiesOf(again);
  const body = { current: password, password: chosen };
  const changed = await askHttp(parley, "/api/password", { cookie, body });
  expect(changed.status).toBe(200);
  await askHttp(parley, "/api/reset", { body: { token: link, password } });
  await askHttp(parley, "/api/sign-in", { body: `{"password":"${password}"` });
  await askHttp(parley, `/api/me?token=${link}`, { cookie });
  parley.signal("SIGTERM");
  expect(await parley.exited).toBe(0);
  const said = parley.output() + parley.errors();
  // It could hold them: it has said where it is.
  expect(said).toContain(parley.url);
  const secrets = [ann.cookie, ann.device, cookie, cookiesOf(changed).cookie];
  const values = secrets.map((one) => one.slice(one.indexOf("=") + 1));
  for (const secret of [password, chosen, link, "$argon2id$", ...values]) {
    expect(secret.length).toBeGreaterThan(8);
    expect(said).not.toContain(secret);
  }
}, 30_000);
