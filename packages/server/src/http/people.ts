import { limits, ParleyError } from "@parley/protocol";
import { person } from "@parley/protocol/catalog";
import type { Hono } from "hono";
import { z } from "zod";
import { contentTag, hasContent } from "./content-tag.ts";
import { drawAvatar } from "./draw-avatar.ts";
import { Gravatar } from "./gravatar.ts";
import { signedIn, type HttpEnv, type HttpSurroundings } from "./context.ts";
import { describe } from "./describe.ts";
import { entitled } from "./entitled.ts";
import { shortText } from "./query.ts";

/** As many as an address has room for. */
const idsMax = 100;

const idShape = /^u_[0-9A-Za-z]{6,32}$/;

/** Names and pictures. An address is never among them (T34). */
export function peopleRoutes(
  app: Hono<HttpEnv>,
  surroundings: HttpSurroundings,
): void {
  const { limiter, store } = surroundings.commands;
  const { reads } = store;
  const gravatar = surroundings.config.gravatar ? new Gravatar() : undefined;

  app.get(
    "/api/people",
    describe(
      "The names of these people; to who is bound to rooms, of those in them.",
      {
        query: { ids: `Up to ${idsMax} ids, separated by commas.` },
        answer: z.object({ people: z.array(person) }),
        refusals: ["unauthenticated", "invalid_query"],
      },
    ),
    signedIn(surroundings),
    async (c) => {
      const { id } = c.get("session").me;
      const ids = shortText(c, "ids", 2_000).split(",");
      const areFine =
        ids.length <= idsMax && ids.every((id) => idShape.test(id));
      if (!areFine) throw new ParleyError("invalid_query");
      return c.json({ people: await reads.peopleSeenBy(id, ids) });
    },
  );

  app.get(
    "/api/people/search",
    describe(
      "Up to 20 people who are here, by letters of the name or the user name.",
      {
        query: { query: "Letters of the name; none: whoever comes first." },
        answer: z.object({ people: z.array(person) }),
        refusals: [
          "unauthenticated",
          "forbidden",
          "invalid_query",
          "rate_limited",
        ],
      },
    ),
    signedIn(surroundings),
    entitled(surroundings, "directory.read"),
    async (c) => {
      const query = shortText(c, "query", 2 * limits.nameCodePoints).trim();
      limiter.check("searchRate", c.get("session").me.id);
      return c.json({ people: await reads.searchPeople(query) });
    },
  );

  app.get(
    "/api/people/:id/avatar",
    describe("A picture, drawn from the person's id and initials.", {
      refusals: ["unauthenticated", "not_found"],
    }),
    signedIn(surroundings),
    async (c) => {
      const id = c.req.param("id");
      const asking = c.get("session").me.id;
      const [found] = idShape.test(id)
        ? await reads.peopleSeenBy(asking, [id])
        : [];
      if (found === undefined) throw new ParleyError("not_found");
      const email = gravatar && (await reads.email(id));
      const photo = email ? await gravatar.find(email) : undefined;
      const { body, type } = photo ?? {
        body: drawAvatar(found),
        type: "image/svg+xml",
      };
      const etag = contentTag(body);
      const headers = {
        "Cache-Control": "private, max-age=86400",
        ETag: etag,
        // Should it ever be opened by itself, it is not a page of ours (T24).
        "Content-Security-Policy": "default-src 'none'; sandbox",
      };
      if (hasContent(c.req.header("if-none-match"), etag)) {
        return c.body(null, 304, headers);
      }
      return c.body(body, 200, { ...headers, "Content-Type": type });
    },
  );
}
