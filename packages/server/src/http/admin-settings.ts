import { placeSettings } from "@parley/protocol/catalog";
import type { Hono } from "hono";
import { z } from "zod";
import { outbound } from "../place/outbound.ts";
import { confirmed } from "./confirmed.ts";
import { signedIn, type HttpEnv, type HttpSurroundings } from "./context.ts";
import { describe } from "./describe.ts";
import { entitled } from "./entitled.ts";
import { jsonBody } from "./json-body.ts";

const settingsAnswer = z.object({ settings: placeSettings });
const changeBody = placeSettings.partial();

/** What the place has decided, and what of it leaves this machine. */
export function adminSettingsRoutes(
  app: Hono<HttpEnv>,
  surroundings: HttpSurroundings,
): void {
  const { commands, config, place } = surroundings;
  const { store } = commands;

  app.get(
    "/api/admin/settings",
    describe("What the place has decided.", {
      answer: settingsAnswer,
      refusals: ["unauthenticated", "forbidden"],
    }),
    signedIn(surroundings),
    entitled(surroundings, "place.change"),
    async (c) => {
      await place.refresh();
      return c.json({ settings: place.settings });
    },
  );

  app.patch(
    "/api/admin/settings",
    describe(
      "Decides what is given anew. It holds for the next command, on every node.",
      {
        body: changeBody,
        answer: settingsAnswer,
        refusals: [
          "bad_json",
          "unknown_field",
          "invalid_type",
          "invalid_value",
          "invalid_name",
          "invalid_characters",
          "invalid_text",
          "invalid_domain",
          "unauthenticated",
          "forbidden",
          "sign_in_again",
          "csrf",
          "unsupported_type",
        ],
      },
    ),
    signedIn(surroundings),
    entitled(surroundings, "place.change"),
    confirmed(surroundings),
    async (c) => {
      const given = await jsonBody(c, changeBody);
      const changes = Object.fromEntries(
        Object.entries(given).filter(([, value]) => value !== undefined),
      );
      await store.write("changeSettings", {
        by: c.get("session").me.id,
        changes,
      });
      await place.refresh();
      return c.json({ settings: place.settings });
    },
  );

  app.get(
    "/api/admin/outbound",
    describe("What leaves this machine, and to where.", {
      answer: z.object({
        items: z.array(
          z.object({
            what: z.string(),
            host: z.string(),
            on: z.boolean(),
            why: z.string(),
          }),
        ),
      }),
      refusals: ["unauthenticated", "forbidden"],
    }),
    signedIn(surroundings),
    entitled(surroundings, "place.change"),
    (c) => c.json({ items: outbound(config) }),
  );
}
