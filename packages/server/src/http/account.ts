import { ParleyError } from "@parley/protocol";
import { me } from "@parley/protocol/catalog";
import type { Hono } from "hono";
import { z } from "zod";
import { agentOf } from "../auth/agent.ts";
import { demandGoodPassword } from "../auth/password-policy.ts";
import { showOwnPassword } from "../auth/show-password.ts";
import { signedIn, type HttpEnv, type HttpSurroundings } from "./context.ts";
import { describe } from "./describe.ts";
import { jsonBody } from "./json-body.ts";
import { emailField, nameField, usernameField } from "./person-fields.ts";
import { ofBody, ofNames, ofPassword } from "./refusals.ts";
import { takeSession } from "./take-session.ts";

const claimBody = z.object({
  email: emailField,
  name: nameField.optional(),
  username: usernameField,
  password: z.string(),
});

const changesBody = z.object({
  name: nameField.optional(),
  username: usernameField.optional(),
  email: emailField.optional(),
});

const passwordBody = z.object({ current: z.string(), password: z.string() });

const meAnswer = z.object({ me });

/** What one is called here, and with what one comes back. */
export function accountRoutes(
  app: Hono<HttpEnv>,
  surroundings: HttpSurroundings,
): void {
  const { accounts, commands, config, place, sessions } = surroundings;
  const { limiter, store } = commands;

  app.post(
    "/api/account",
    describe(
      "Makes a guest a member, who comes back with a password: the same person, with all that they said. The session gets a new secret.",
      {
        body: claimBody,
        answer: meAnswer,
        refusals: [
          "unauthenticated",
          "already_member",
          "invitation_needed",
          "join_closed",
          "domain_not_allowed",
          "weak_password",
          ...ofNames,
          ...ofBody,
          ...ofPassword,
        ],
      },
    ),
    signedIn(surroundings),
    async (c) => {
      const { password, ...body } = await jsonBody(c, claimBody);
      const { id, name, kind, bound } = c.get("session").me;
      // Decided in the transaction; here it saves computing a hash.
      if (kind !== "guest") throw new ParleyError("already_member");
      if (bound) throw new ParleyError("invitation_needed");
      const known = { ...body, place: place.settings.name };
      await demandGoodPassword(password, known, config);
      const { address } = c.env;
      limiter.check("accountRate", address);
      limiter.check("accountDayRate", address);
      try {
        const secret = await accounts.passwords.hash(password);
        const agent = agentOf(c.req.raw.headers);
        const { token, ...session } = sessions.create(agent);
        const claimed = await store.write("claimAccount", {
          ...{ person: id, secret, session },
          ...{ ...body, name: body.name ?? name },
        });
        await takeSession(c, surroundings, { token, person: id });
        return c.json({ me: claimed });
      } catch (error) {
        limiter.giveBack("accountDayRate", address);
        throw error;
      }
    },
  );

  app.patch(
    "/api/me",
    describe(
      "Changes one's name, user name or address; the last two within 15 minutes after one's password.",
      {
        body: changesBody,
        answer: meAnswer,
        refusals: [
          "unauthenticated",
          "sign_in_again",
          "forbidden",
          "invalid_text",
          "rate_limited",
          ...ofNames,
          ...ofBody,
        ],
      },
    ),
    signedIn(surroundings),
    async (c) => {
      const changes = await jsonBody(c, changesBody);
      const session = c.get("session");
      const { username, email } = changes;
      const asksForPassword = username !== undefined || email !== undefined;
      // Guests have no password to show, and nothing that it would protect.
      if (asksForPassword && session.me.kind !== "guest") {
        if (!(await sessions.isConfirmed(session))) {
          throw new ParleyError("sign_in_again");
        }
      }
      const by = session.me.id;
      limiter.check("profileRate", by);
      return c.json({ me: await store.write("changeMe", { by, changes }) });
    },
  );

  app.post(
    "/api/password",
    describe(
      "Chooses another password. All other sessions end, on whichever device, and this one gets a new secret.",
      {
        body: passwordBody,
        answer: z.object({}),
        refusals: [
          "unauthenticated",
          "wrong_password",
          "forbidden",
          "weak_password",
          ...ofBody,
          ...ofPassword,
        ],
      },
    ),
    signedIn(surroundings),
    async (c) => {
      const { current, password } = await jsonBody(c, passwordBody);
      const { id: person, username, email } = c.get("session").me;
      const known = { username, email, place: place.settings.name };
      await demandGoodPassword(password, known, config);
      limiter.check("signInRate", person);
      const { reads } = store;
      const shown = await showOwnPassword(
        { accounts, reads },
        { person, password: current },
      );
      const chosen = await accounts.passwords.hash(password);
      const { token, ...session } = sessions.create(agentOf(c.req.raw.headers));
      await store.write("changePassword", { ...shown, chosen, session });
      await takeSession(c, surroundings, { token, person });
      return c.json({});
    },
  );
}
