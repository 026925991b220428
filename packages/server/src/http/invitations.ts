import { mayInPlace, ParleyError, roles } from "@parley/protocol";
import { person, personId, roomId } from "@parley/protocol/catalog";
import type { Hono } from "hono";
import { z } from "zod";
import { acceptInvitation } from "../commands/accept-invitation.ts";
import { makeInvitation } from "../commands/make-invitation.ts";
import { hashToken } from "../identifiers.ts";
import { founder } from "../store/founder.ts";
import { confirmed } from "./confirmed.ts";
import { signedIn, type HttpEnv, type HttpSurroundings } from "./context.ts";
import { describe } from "./describe.ts";
import { entitled } from "./entitled.ts";
import { jsonBody } from "./json-body.ts";
import { invitationField } from "./person-fields.ts";

/** As many rooms as one invitation leads to. */
const roomsMax = 50;
const usesMax = 10_000;
const hoursMax = 24 * 366;
const noteCharsMax = 200;

const idShape = /^i_[0-9A-Za-z]{6,32}$/;

const role = z.enum(roles);

const lookBody = z.object({ token: invitationField });

const lookAnswer = z.object({
  by: z.string().describe("The name of who invites."),
  role,
  bound: z
    .boolean()
    .describe("Whoever comes sees these rooms and nothing else."),
  rooms: z.array(z.string()).describe("What the rooms are called."),
  expiresAt: z.int().nullable(),
  needsAccount: z
    .boolean()
    .describe("Whether a user name and a password are asked for."),
});

const invitation = z.object({
  id: z.string(),
  role,
  bound: z.boolean(),
  rooms: z.array(z.object({ stream: roomId, name: z.string() })),
  note: z.string(),
  usesLeft: z.int().nullable().describe("null: any number."),
  used: z.int(),
  createdAt: z.int(),
  expiresAt: z.int().nullable(),
  revokedAt: z.int().nullable(),
  by: personId,
});

const makeBody = z.object({
  role,
  bound: z.boolean(),
  rooms: z.array(roomId).max(roomsMax),
  uses: z.int().min(1).max(usesMax).nullable(),
  expiresInHours: z.int().min(1).max(hoursMax).nullable(),
  note: z
    .string()
    .max(noteCharsMax)
    .refine((text) => text.isWellFormed(), "invalid_text")
    .refine((text) => !/\p{Cc}/u.test(text), "invalid_characters"),
});

/** Letting others in. */
export function invitationRoutes(
  app: Hono<HttpEnv>,
  surroundings: HttpSurroundings,
): void {
  const { commands, place } = surroundings;
  const { store, limiter } = commands;

  app.post(
    "/api/invitations/look",
    describe("Who invites, as what and to where: for who has a link.", {
      body: lookBody,
      answer: lookAnswer,
      refusals: [
        "bad_json",
        "missing_field",
        "invalid_type",
        "invite_invalid",
        "csrf",
        "unsupported_type",
        "rate_limited",
      ],
    }),
    async (c) => {
      const { token } = await jsonBody(c, lookBody);
      limiter.check("linkRate", c.env.address);
      const found = await store.reads.invitationInForce({
        tokenHash: hashToken(token),
        now: store.now(),
      });
      if (found === undefined) throw new ParleyError("invite_invalid");
      return c.json({
        // What the operator made at the command line is from the place itself.
        by: found.by.id === founder ? place.settings.name : found.by.name,
        role: found.role,
        bound: found.bound,
        rooms: found.rooms.map(({ name }) => name),
        expiresAt: found.expiresAt,
        needsAccount: found.role !== "guest",
      });
    },
  );

  app.post(
    "/api/invitations/accept",
    describe(
      "Lets who is signed in into the rooms of an invitation, as who they are. Who is in all of them has not used it.",
      {
        body: lookBody,
        answer: z.object({ rooms: z.array(roomId) }),
        refusals: [
          "bad_json",
          "missing_field",
          "invalid_type",
          "unauthenticated",
          "forbidden",
          "invite_invalid",
          "csrf",
          "unsupported_type",
          "rate_limited",
        ],
      },
    ),
    signedIn(surroundings),
    async (c) => {
      const { token } = await jsonBody(c, lookBody);
      limiter.check("linkRate", c.env.address);
      const { id } = c.get("session").me;
      return c.json(await acceptInvitation(commands, id, token));
    },
  );

  app.get(
    "/api/invitations",
    describe(
      "The newest invitations: one's own, and for administrators all. Never what their links end with.",
      {
        answer: z.object({
          invitations: z.array(invitation),
          people: z.array(person),
        }),
        refusals: ["unauthenticated", "forbidden"],
      },
    ),
    signedIn(surroundings),
    entitled(surroundings, "invitation.make"),
    async (c) => {
      const { id } = c.get("session").me;
      const seesAll = mayInPlace(c.get("standing"), "person.role");
      const by = seesAll ? undefined : id;
      const invitations = await store.reads.invitations({ by });
      const makers = new Set(invitations.map((one) => one.by));
      const people = await store.reads.people([...makers]);
      return c.json({ invitations, people });
    },
  );

  app.post(
    "/api/invitations",
    describe(
      "Makes an invitation, up to one's own role. What its link ends with is told once: <origin>/invite#<token>.",
      {
        body: makeBody,
        answer: z.object({ invitation, token: z.string() }),
        refusals: [
          "bad_json",
          "missing_field",
          "unknown_field",
          "invalid_type",
          "invalid_value",
          "unauthenticated",
          "forbidden",
          "sign_in_again",
          "not_found",
          "archived",
          "csrf",
          "unsupported_type",
          "rate_limited",
        ],
      },
    ),
    signedIn(surroundings),
    entitled(surroundings, "invitation.make"),
    confirmed(surroundings),
    async (c) => {
      const wanted = await jsonBody(c, makeBody);
      const { id } = c.get("session").me;
      limiter.check("invitationRate", id);
      return c.json(await makeInvitation(commands, id, wanted));
    },
  );

  app.delete(
    "/api/invitations/:id",
    describe("Takes an invitation back: whoever comes with it stays outside.", {
      answer: z.object({}),
      refusals: [
        "unauthenticated",
        "forbidden",
        "sign_in_again",
        "not_found",
        "csrf",
      ],
    }),
    signedIn(surroundings),
    entitled(surroundings, "invitation.make"),
    confirmed(surroundings),
    async (c) => {
      const id = c.req.param("id");
      // PostgreSQL would not even take every text for a question.
      if (!idShape.test(id)) throw new ParleyError("not_found");
      const by = c.get("session").me.id;
      await store.write("revokeInvitation", { by, id });
      return c.json({});
    },
  );
}
