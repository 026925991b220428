import { ParleyError } from "@parley/protocol";
import { at, events, person, personId, seq } from "@parley/protocol/catalog";
import type { Hono } from "hono";
import { z } from "zod";
import { placeStream } from "../store/stream-keys.ts";
import { signedIn, type HttpEnv, type HttpSurroundings } from "./context.ts";
import { describe } from "./describe.ts";
import { entitled } from "./entitled.ts";
import { wholeNumber } from "./query.ts";

const pageDefault = 50;
const pageMax = 100;

const acted = events.find((one) => one.name === "place.acted");

/** What administrators did: who, what, to whom. */
export function adminLogRoutes(
  app: Hono<HttpEnv>,
  surroundings: HttpSurroundings,
): void {
  const { reads } = surroundings.commands.store;

  app.get(
    "/api/admin/log",
    describe("A page of what administrators did, the newest first.", {
      query: {
        before: "Only below this seq.",
        limit: `1 to ${pageMax}, else ${pageDefault}.`,
      },
      answer: z.object({
        acts: z.array(
          z.object({ seq, at, by: personId, ...acted?.data.shape }),
        ),
        head: seq,
        people: z.array(person),
      }),
      refusals: ["unauthenticated", "forbidden", "invalid_query"],
    }),
    signedIn(surroundings),
    entitled(surroundings, "place.log"),
    async (c) => {
      const heads = await reads.heads([placeStream]);
      const head = heads.get(placeStream) ?? 0;
      const before = wholeNumber(c, "before", { min: 1 }) ?? head + 1;
      const limit =
        wholeNumber(c, "limit", { min: 1, max: pageMax }) ?? pageDefault;
      const upTo = Math.min(head, before - 1);
      const found = await reads.eventsAfter(placeStream, {
        ...{ after: Math.max(0, upTo - limit), upTo, max: limit },
      });
      const acts = found.toReversed().map(({ event }) => {
        if (event.type !== "place.acted") throw new ParleyError("internal");
        const { seq, at, by, act, person, room, detail } = event;
        return { seq, at, by, act, person, room, detail };
      });
      const ids = new Set(acts.flatMap(({ by, person = by }) => [by, person]));
      const people = await reads.people([...ids]);
      return c.json({ acts, head, people });
    },
  );
}
