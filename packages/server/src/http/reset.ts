import { ParleyError } from "@parley/protocol";
import { me } from "@parley/protocol/catalog";
import type { Hono } from "hono";
import { z } from "zod";
import { agentOf } from "../auth/agent.ts";
import {
  demandGoodPassword,
  demandPossiblePassword,
} from "../auth/password-policy.ts";
import { hashToken } from "../identifiers.ts";
import type { HttpEnv, HttpSurroundings } from "./context.ts";
import { describe } from "./describe.ts";
import { jsonBody } from "./json-body.ts";
import { ofBody, ofPassword } from "./refusals.ts";
import { takeSession } from "./take-session.ts";

const resetBody = z.object({ token: z.string(), password: z.string() });

/** Choosing a password with a link that somebody was given for it. */
export function resetRoutes(
  app: Hono<HttpEnv>,
  surroundings: HttpSurroundings,
): void {
  const { accounts, commands, config, place, sessions } = surroundings;
  const { limiter, store } = commands;

  app.post(
    "/api/reset",
    describe(
      "Chooses a password with the secret of a link, once, and signs in. All earlier sessions end. Every link that does not work is the same.",
      {
        body: resetBody,
        answer: z.object({ me }),
        refusals: ["link_invalid", "weak_password", ...ofBody, ...ofPassword],
      },
    ),
    async (c) => {
      const { token: given, password } = await jsonBody(c, resetBody);
      limiter.check("signInRate", c.env.address);
      demandPossiblePassword(password);
      const link = hashToken(given);
      const now = store.now();
      const found = await store.reads.resetLink({ tokenHash: link, now });
      if (found === undefined) throw new ParleyError("link_invalid");
      const { person, ...known } = found;
      await demandGoodPassword(
        password,
        { ...known, place: place.settings.name },
        config,
      );
      const chosen = await accounts.passwords.hash(password);
      const { token, ...session } = sessions.create(agentOf(c.req.raw.headers));
      const signedIn = await store.write("resetPassword", {
        ...{ link, person, chosen, session },
      });
      await takeSession(c, surroundings, { token, person });
      return c.json({ me: signedIn });
    },
  );
}
