import { ParleyError } from "@parley/protocol";
import { me, placeSettings } from "@parley/protocol/catalog";
import type { Hono } from "hono";
import { z } from "zod";
import { agentOf } from "../auth/agent.ts";
import { joinAsGuest } from "../commands/join-as-guest.ts";
import { joinByInvitation } from "../commands/join-by-invitation.ts";
import { signedIn, type HttpEnv, type HttpSurroundings } from "./context.ts";
import { describe } from "./describe.ts";
import { doorOf } from "./door.ts";
import { jsonBody } from "./json-body.ts";
import {
  emailField,
  invitationField,
  nameField,
  usernameField,
} from "./person-fields.ts";
import { takeSession } from "./take-session.ts";

const joinBody = z.object({
  email: emailField,
  name: nameField,
  invitation: invitationField.optional(),
  username: usernameField
    .optional()
    .describe("Of who is invited to have an account, like the password."),
  password: z.string().optional(),
});

const meAnswer = z.object({ me });

const serverAnswer = z.object({
  ...placeSettings.pick({
    name: true,
    joinMode: true,
    language: true,
    roomsBy: true,
  }).shape,
  isClaimed: z.boolean().describe("Whether somebody owns the place."),
  passwordLength: z.int().describe("The least length of a password."),
  me: me.nullable(),
});

/** Coming, being, and going. */
export function joinRoutes(
  app: Hono<HttpEnv>,
  surroundings: HttpSurroundings,
): void {
  const { commands, config, cookie, place, sessions } = surroundings;

  app.get(
    "/api/server",
    describe(
      "What this place is called, how one comes in, and who one is here, or null: what a page asks first.",
      { answer: serverAnswer },
    ),
    async (c) => {
      const token = cookie.read(c.req.header("cookie"));
      const session = await sessions.find(token);
      const { name, joinMode, language, roomsBy } = place.settings;
      return c.json({
        ...{ name, joinMode, language, roomsBy, isClaimed: place.isClaimed },
        passwordLength: config.passwordLength,
        me: session?.me ?? null,
      });
    },
  );

  app.post(
    "/api/join",
    describe(
      "Lets somebody in and sets the session cookie: a guest, or, with an invitation that says so, somebody with an account. Always somebody new: an address proves nothing.",
      {
        body: joinBody,
        answer: meAnswer,
        refusals: [
          "bad_json",
          "missing_field",
          "unknown_field",
          "invalid_type",
          "invalid_value",
          "invalid_email",
          "invalid_name",
          "invalid_username",
          "invalid_characters",
          "invalid_text",
          "too_long",
          "weak_password",
          "name_confusable",
          "name_taken",
          "join_closed",
          "invitation_needed",
          "domain_not_allowed",
          "invite_invalid",
          "csrf",
          "too_large",
          "unsupported_type",
          "rate_limited",
          "over_capacity",
        ],
      },
    ),
    async (c) => {
      const body = await jsonBody(c, joinBody);
      const { invitation, username, password, ...who } = body;
      const { token, ...session } = sessions.create(agentOf(c.req.raw.headers));
      const { address } = c.env;
      if (invitation === undefined && (username ?? password) !== undefined) {
        throw new ParleyError("invalid_value");
      }
      const newcomer = { ...who, address, session };
      const joined =
        invitation === undefined
          ? await joinAsGuest(commands, {
              ...newcomer,
              origin: "page",
              rooms: place.defaults,
            })
          : await joinByInvitation(commands, doorOf(surroundings), {
              ...newcomer,
              ...{ token: invitation, username, password },
            });
      if (joined.kind !== "guest") {
        // An operator's invitation may have made its first owner.
        if (joined.rank === "owner") await place.refresh();
        await takeSession(c, surroundings, { token, person: joined.id });
        return c.json({ me: joined });
      }
      // Whoever was signed in here before is not any more (T3).
      const earlier = await sessions.find(cookie.read(c.req.header("cookie")));
      if (earlier !== undefined) {
        await sessions.end(earlier);
        surroundings.endSockets(earlier.tokenHash);
      }
      c.header("Set-Cookie", cookie.set(token));
      return c.json({ me: joined });
    },
  );

  app.get(
    "/api/me",
    describe("Who one is.", {
      answer: meAnswer,
      refusals: ["unauthenticated"],
    }),
    signedIn(surroundings),
    (c) => c.json({ me: c.get("session").me }),
  );

  app.post(
    "/api/leave",
    describe("Ends the session. A guest leaves their rooms with it.", {
      body: z.object({}),
      answer: z.object({}),
      refusals: ["unauthenticated", "csrf", "unsupported_type"],
    }),
    signedIn(surroundings),
    async (c) => {
      await jsonBody(c, z.object({}));
      const session = c.get("session");
      await sessions.end(session);
      surroundings.endSockets(session.tokenHash);
      c.header("Set-Cookie", cookie.clear());
      c.header("Clear-Site-Data", '"cache", "storage"');
      return c.json({});
    },
  );
}
