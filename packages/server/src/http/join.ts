import {
  normalizeName,
  objectionToEmail,
  objectionToName,
} from "@parley/protocol";
import { me } from "@parley/protocol/catalog";
import type { Hono } from "hono";
import { z } from "zod";
import { joinAsGuest } from "../commands/join-as-guest.ts";
import { signedIn, type HttpEnv, type HttpSurroundings } from "./context.ts";
import { describe } from "./describe.ts";
import { jsonBody } from "./json-body.ts";

const joinBody = z.object({
  email: z.string().check((context) => {
    const message = objectionToEmail(context.value.trim());
    if (message) {
      context.issues.push({ code: "custom", input: context.value, message });
    }
  }),
  name: z.string().check((context) => {
    const message = objectionToName(normalizeName(context.value));
    if (message) {
      context.issues.push({ code: "custom", input: context.value, message });
    }
  }),
});

const meAnswer = z.object({ me });

/** Coming, being, and going. */
export function joinRoutes(
  app: Hono<HttpEnv>,
  surroundings: HttpSurroundings,
): void {
  const { commands, config, cookie, sessions } = surroundings;

  app.get(
    "/api/server",
    describe(
      "What this place is called, and who one is here, or null: what a page asks first.",
      { answer: z.object({ name: z.string(), me: me.nullable() }) },
    ),
    async (c) => {
      const token = cookie.read(c.req.header("cookie"));
      const session = await sessions.find(token);
      return c.json({ name: config.name, me: session?.me ?? null });
    },
  );

  app.post(
    "/api/join",
    describe(
      "Lets a guest in and sets the session cookie. Always somebody new: an address proves nothing.",
      {
        body: joinBody,
        answer: meAnswer,
        refusals: [
          "bad_json",
          "missing_field",
          "unknown_field",
          "invalid_type",
          "invalid_email",
          "invalid_name",
          "invalid_characters",
          "invalid_text",
          "csrf",
          "too_large",
          "unsupported_type",
          "rate_limited",
        ],
      },
    ),
    async (c) => {
      const body = await jsonBody(c, joinBody);
      const { token, ...session } = sessions.create();
      const email = body.email.trim();
      const person = await joinAsGuest(commands, {
        name: normalizeName(body.name),
        email,
        address: c.env.address,
        origin: "page",
        session,
      });
      // Whoever was signed in here before is not any more (T3).
      const earlier = await sessions.find(cookie.read(c.req.header("cookie")));
      if (earlier !== undefined) {
        await sessions.end(earlier);
        surroundings.endSockets(earlier.tokenHash);
      }
      c.header("Set-Cookie", cookie.set(token));
      return c.json({ me: { ...person, email } });
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
