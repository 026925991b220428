import { limits, mayInPlace, ParleyError, roles } from "@parley/protocol";
import { person, personId, ranks } from "@parley/protocol/catalog";
import type { Context, Hono } from "hono";
import { z } from "zod";
import { addPerson } from "../commands/add-person.ts";
import { makeResetLink } from "../commands/make-links.ts";
import { founder } from "../store/founder.ts";
import { confirmed } from "./confirmed.ts";
import { signedIn, type HttpEnv, type HttpSurroundings } from "./context.ts";
import { describe } from "./describe.ts";
import { entitled } from "./entitled.ts";
import { jsonBody } from "./json-body.ts";
import { sessionsAnswer, sessionsAs } from "./own-sessions.ts";
import { emailField, nameField, usernameField } from "./person-fields.ts";
import { shortText, wholeNumber } from "./query.ts";

const pageDefault = 50;

/** What an account can be made. Guests and bots are not made by a change of role. */
const rankField = z.enum([...ranks, "member"]);

const administered = person.extend({
  role: z.enum(roles),
  email: z
    .string()
    .optional()
    .describe("For those who may see addresses: administrators."),
  bound: z.boolean(),
  createdAt: z.int(),
  lastSeenAt: z.int().nullable(),
  hasAccount: z.boolean().describe("Whether they have a password."),
});

const personAnswer = z.object({ person: administered });
const linkAnswer = z.object({ token: z.string(), expiresAt: z.int() });

const addBody = z.object({
  email: emailField,
  name: nameField,
  username: usernameField,
  role: rankField,
});
const roleBody = z.object({ role: rankField });
const suspendBody = z.object({ suspended: z.boolean() });
const nothing = z.object({});

const changeRefusals = [
  "bad_json",
  "missing_field",
  "unknown_field",
  "invalid_type",
  "invalid_value",
  "unauthenticated",
  "forbidden",
  "sign_in_again",
  "not_found",
  "csrf",
  "unsupported_type",
] as const;

/** What is done to people, by those who stand above them. */
export function adminPeopleRoutes(
  app: Hono<HttpEnv>,
  surroundings: HttpSurroundings,
): void {
  const { commands, place } = surroundings;
  const { limiter, store } = commands;
  const { reads } = store;

  /** One person as this caller may see them. */
  const told = async (c: Context<HttpEnv>, id: string) => {
    const byEmail = mayInPlace(c.get("standing"), "person.email");
    const { people } = await reads.peopleOfPlace({
      ...{ query: "", byEmail, ids: [id], limit: 1 },
    });
    const [found] = people;
    if (found === undefined) throw new ParleyError("not_found");
    return asSeen(found, byEmail);
  };

  app.get(
    "/api/admin/people",
    describe(
      "A page of the people of the place: everybody with an account, then the guests who are in some room, each by name.",
      {
        query: {
          query: "A part of a name, for administrators also of an address.",
          after: "Only people behind the one with this id.",
          limit: `1 to ${limits.pagePeople}, else ${pageDefault}.`,
        },
        answer: z.object({ people: z.array(administered), count: z.int() }),
        refusals: [
          "unauthenticated",
          "forbidden",
          "invalid_query",
          "rate_limited",
        ],
      },
    ),
    signedIn(surroundings),
    entitled(surroundings, "person.suspend"),
    async (c) => {
      const byEmail = mayInPlace(c.get("standing"), "person.email");
      limiter.check("searchRate", c.get("session").me.id);
      const { people, count } = await reads.peopleOfPlace({
        query: shortText(c, "query", limits.emailChars),
        byEmail,
        after: shortText(c, "after", 64),
        limit:
          wholeNumber(c, "limit", { min: 1, max: limits.pagePeople }) ??
          pageDefault,
      });
      return c.json({
        people: people.map((one) => asSeen(one, byEmail)),
        count,
      });
    },
  );

  app.post(
    "/api/admin/people",
    describe(
      "Adds somebody with an account. They choose their password by a link, which is told once: <origin>/reset#<token>.",
      {
        body: addBody,
        answer: personAnswer.extend(linkAnswer.shape),
        refusals: [
          ...changeRefusals,
          "invalid_email",
          "invalid_name",
          "invalid_username",
          "invalid_characters",
          "invalid_text",
          "name_confusable",
          "name_taken",
        ],
      },
    ),
    signedIn(surroundings),
    entitled(surroundings, "person.role"),
    confirmed(surroundings),
    async (c) => {
      const body = await jsonBody(c, addBody);
      const rooms = place.defaults;
      const { me, token, expiresAt } = await addPerson(
        commands,
        c.get("session").me.id,
        { ...body, rooms },
      );
      return c.json({ person: await told(c, me.id), token, expiresAt });
    },
  );

  app.patch(
    "/api/admin/people/:id",
    describe("Makes somebody with an account something else here.", {
      body: roleBody,
      answer: personAnswer,
      refusals: [...changeRefusals, "last_owner"],
    }),
    signedIn(surroundings),
    entitled(surroundings, "person.role"),
    confirmed(surroundings),
    async (c) => {
      const { role } = await jsonBody(c, roleBody);
      const person = personOf(c);
      const by = c.get("session").me.id;
      await store.write("setRole", { by, person, role });
      return c.json({ person: await told(c, person) });
    },
  );

  app.post(
    "/api/admin/people/:id/suspend",
    describe(
      "Suspends somebody or restores them. While suspended they neither sign in nor say anything.",
      {
        body: suspendBody,
        answer: personAnswer,
        refusals: [...changeRefusals, "last_owner"],
      },
    ),
    signedIn(surroundings),
    entitled(surroundings, "person.suspend"),
    confirmed(surroundings),
    async (c) => {
      const { suspended } = await jsonBody(c, suspendBody);
      const person = personOf(c);
      const by = c.get("session").me.id;
      await store.write("suspendPerson", { by, person, suspended });
      return c.json({ person: await told(c, person) });
    },
  );

  app.post(
    "/api/admin/people/:id/reset-link",
    describe(
      "Makes a link with which somebody chooses a new password, told once: <origin>/reset#<token>. It works for a day.",
      {
        body: nothing,
        answer: linkAnswer,
        refusals: [...changeRefusals],
      },
    ),
    signedIn(surroundings),
    entitled(surroundings, "person.reset"),
    confirmed(surroundings),
    async (c) => {
      await jsonBody(c, nothing);
      const by = c.get("session").me.id;
      return c.json(await makeResetLink(commands, by, personOf(c)));
    },
  );

  app.get(
    "/api/admin/people/:id/sessions",
    describe("Where somebody is signed in, the last used first.", {
      answer: sessionsAnswer,
      refusals: ["unauthenticated", "forbidden", "not_found"],
    }),
    signedIn(surroundings),
    entitled(surroundings, "person.sessions"),
    async (c) => {
      const person = personOf(c);
      const found = person === founder ? [] : await reads.people([person]);
      if (found.length === 0) {
        throw new ParleyError("not_found");
      }
      const { tokenHash: current } = c.get("session");
      return c.json(await sessionsAs(store, { person, current }));
    },
  );

  app.post(
    "/api/admin/people/:id/sign-out",
    describe("Ends somebody's sessions everywhere.", {
      body: nothing,
      answer: z.object({ ended: z.int() }),
      refusals: [...changeRefusals],
    }),
    signedIn(surroundings),
    entitled(surroundings, "person.sessions"),
    confirmed(surroundings),
    async (c) => {
      await jsonBody(c, nothing);
      const { me, tokenHash: session } = c.get("session");
      const person = personOf(c);
      return c.json(
        await store.write("signOutPerson", { by: me.id, person, session }),
      );
    },
  );
}

function asSeen<Seen extends { email: string }>(
  { email, ...seen }: Seen,
  byEmail: boolean,
) {
  return byEmail ? { ...seen, email } : seen;
}

/** Whom the path is about; what cannot be anybody is nobody. */
export function personOf(c: Context<HttpEnv>): string {
  const id = c.req.param("id") ?? "";
  if (!personId.safeParse(id).success) throw new ParleyError("not_found");
  return id;
}
