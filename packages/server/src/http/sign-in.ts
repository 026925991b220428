import { objectionToEmail } from "@parley/protocol";
import { me, username } from "@parley/protocol/catalog";
import type { Hono } from "hono";
import { z } from "zod";
import { agentOf } from "../auth/agent.ts";
import { showOwnPassword, showPassword } from "../auth/show-password.ts";
import { signedIn, type HttpEnv, type HttpSurroundings } from "./context.ts";
import { describe } from "./describe.ts";
import { jsonBody } from "./json-body.ts";
import { ofBody, ofPassword } from "./refusals.ts";
import { takeSession } from "./take-session.ts";

/** A user name or an address. What is neither is nobody's, and nothing is hashed for it. */
const loginField = z
  .string()
  .transform((text) => text.trim())
  .superRefine((text, context) => {
    const message = text.includes("@")
      ? objectionToEmail(text)
      : username.safeParse(text.toLowerCase()).success
        ? undefined
        : "invalid_username";
    if (message === undefined) return;
    context.issues.push({ code: "custom", input: text, message });
  });

const signInBody = z.object({ login: loginField, password: z.string() });
const confirmBody = z.object({ password: z.string() });

/** Coming back with a password, and showing it once more. */
export function signInRoutes(
  app: Hono<HttpEnv>,
  surroundings: HttpSurroundings,
): void {
  const { accounts, commands, sessions } = surroundings;
  const { limiter, store } = commands;
  const { reads } = store;

  app.post(
    "/api/sign-in",
    describe(
      "Signs in with a user name or an address, and a password, and sets the session cookie. A wrong password and an unknown login are the same. Who guesses waits, longer with each wrong guess.",
      {
        body: signInBody,
        answer: z.object({ me }),
        refusals: [
          "wrong_password",
          "forbidden",
          "invalid_email",
          "invalid_username",
          ...ofBody,
          ...ofPassword,
        ],
      },
    ),
    async (c) => {
      const { login, password } = await jsonBody(c, signInBody);
      limiter.check("signInRate", c.env.address);
      const shown = await showPassword(
        { accounts, reads },
        { login, password, cookies: c.req.header("cookie") },
      );
      const { token, ...session } = sessions.create(agentOf(c.req.raw.headers));
      const signedIn = await store.write("signIn", { ...shown, session });
      await takeSession(c, surroundings, { token, person: shown.person });
      return c.json({ me: signedIn });
    },
  );

  app.post(
    "/api/confirm",
    describe(
      "Shows one's password once more. For 15 minutes one may then change what asks for it (sign_in_again).",
      {
        body: confirmBody,
        answer: z.object({}),
        refusals: [
          "unauthenticated",
          "wrong_password",
          "forbidden",
          ...ofBody,
          ...ofPassword,
        ],
      },
    ),
    signedIn(surroundings),
    async (c) => {
      const { password } = await jsonBody(c, confirmBody);
      const session = c.get("session");
      const person = session.me.id;
      limiter.check("signInRate", person);
      const shown = await showOwnPassword(
        { accounts, reads },
        { person, password },
      );
      const { tokenHash } = session;
      await store.write("confirmSession", { ...shown, tokenHash });
      sessions.confirmed(session);
      return c.json({});
    },
  );
}
