import { me, placeSettings } from "@parley/protocol/catalog";
import type { Hono } from "hono";
import { z } from "zod";
import { agentOf } from "../auth/agent.ts";
import { claimPlace } from "../commands/claim-place.ts";
import type { HttpEnv, HttpSurroundings } from "./context.ts";
import { describe } from "./describe.ts";
import { doorOf } from "./door.ts";
import { jsonBody } from "./json-body.ts";
import { emailField, nameField, usernameField } from "./person-fields.ts";
import { takeSession } from "./take-session.ts";

const setupBody = z.object({
  code: z.string().describe("What the link ends with that a start prints."),
  place: placeSettings
    .pick({ name: true, joinMode: true, domains: true, language: true })
    .strict(),
  email: emailField,
  name: nameField,
  username: usernameField,
  password: z.string(),
});

/** The first run: somebody becomes the owner, once in the life of a place. */
export function setupRoutes(
  app: Hono<HttpEnv>,
  surroundings: HttpSurroundings,
): void {
  const { commands, cookie, place, sessions } = surroundings;

  app.post(
    "/api/setup",
    describe(
      "Makes the holder of the link that a start prints the owner, and decides what the place is. A guest who is signed in stays who they are.",
      {
        body: setupBody,
        answer: z.object({ me }),
        refusals: [
          "bad_json",
          "missing_field",
          "unknown_field",
          "invalid_type",
          "invalid_value",
          "invalid_domain",
          "invalid_email",
          "invalid_name",
          "invalid_username",
          "invalid_characters",
          "invalid_text",
          "too_long",
          "weak_password",
          "name_confusable",
          "name_taken",
          "forbidden",
          "link_invalid",
          "csrf",
          "too_large",
          "unsupported_type",
          "rate_limited",
          "over_capacity",
        ],
      },
    ),
    async (c) => {
      const body = await jsonBody(c, setupBody);
      const { place: settings, ...owner } = body;
      const earlier = await sessions.find(cookie.read(c.req.header("cookie")));
      const { token, ...session } = sessions.create(agentOf(c.req.raw.headers));
      const claimed = await claimPlace(commands, doorOf(surroundings), {
        ...owner,
        ...{ settings, session, address: c.env.address },
        person: earlier?.me.id,
      });
      await place.refresh();
      await takeSession(c, surroundings, { token, person: claimed.id });
      return c.json({ me: claimed });
    },
  );
}
