import { limits } from "@parley/protocol";
import { personId, presenceStates } from "@parley/protocol/catalog";
import type { Hono } from "hono";
import { z } from "zod";
import {
  ofRoom,
  signedIn,
  type HttpEnv,
  type HttpSurroundings,
} from "./context.ts";
import { describe } from "./describe.ts";

/** Who is here just now. Whoever wants to know it all the time asks over the socket. */
export function presenceRoutes(
  app: Hono<HttpEnv>,
  surroundings: HttpSurroundings,
): void {
  const { presence } = surroundings;

  app.get(
    "/api/streams/:stream/presence",
    describe(
      `How many people of a room are here; null where that is not told. In rooms of up to ${limits.presenceMembers} people also who they are: whoever is not named is offline.`,
      {
        answer: z.object({
          present: z.int().nullable(),
          people: z.record(personId, z.enum(presenceStates)),
        }),
        refusals: ["unauthenticated", "not_found"],
      },
    ),
    signedIn(surroundings),
    async (c) =>
      c.json(await ofRoom(c, surroundings, (stream) => presence.of(stream))),
  );
}
