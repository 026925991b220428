import { limits, ParleyError } from "@parley/protocol";
import { room, roomId } from "@parley/protocol/catalog";
import type { Hono } from "hono";
import { z } from "zod";
import { administerRoom } from "../commands/administer-room.ts";
import { confirmed } from "./confirmed.ts";
import { signedIn, type HttpEnv, type HttpSurroundings } from "./context.ts";
import { describe } from "./describe.ts";
import { entitled } from "./entitled.ts";
import { jsonBody } from "./json-body.ts";
import { shortText } from "./query.ts";

const administered = room
  .pick({ stream: true, name: true, kind: true, topic: true })
  .extend({
    members: z.int(),
    archived: z.boolean(),
    readOnly: z.boolean(),
    isDefault: z.boolean().describe("Newcomers are put into it."),
    createdAt: z.int(),
  });

const changeBody = z.object({
  archived: z.boolean().optional(),
  isDefault: z.boolean().optional(),
});

/** All rooms but direct ones, by name; nothing of what is said in them. */
export function adminRoomRoutes(
  app: Hono<HttpEnv>,
  surroundings: HttpSurroundings,
): void {
  const { commands, place } = surroundings;
  const { reads } = commands.store;

  app.get(
    "/api/admin/rooms",
    describe("Rooms of the place, the lobby first, up to 500.", {
      query: { query: "A part of the name." },
      answer: z.object({ rooms: z.array(administered) }),
      refusals: ["unauthenticated", "forbidden", "invalid_query"],
    }),
    signedIn(surroundings),
    entitled(surroundings, "place.rooms"),
    async (c) => {
      const query = shortText(c, "query", limits.roomNameCodePoints);
      return c.json({ rooms: await reads.roomsOfPlace(query) });
    },
  );

  app.patch(
    "/api/admin/rooms/:stream",
    describe(
      "Archives a room or restores it, and says whether newcomers are put into it.",
      {
        body: changeBody,
        answer: z.object({}),
        refusals: [
          "bad_json",
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
        ],
      },
    ),
    signedIn(surroundings),
    entitled(surroundings, "place.rooms"),
    confirmed(surroundings),
    async (c) => {
      const changes = await jsonBody(c, changeBody);
      const stream = c.req.param("stream");
      if (!roomId.safeParse(stream).success) throw new ParleyError("not_found");
      await administerRoom(commands, c.get("session").me.id, {
        ...{ stream, ...changes },
      });
      await place.refresh();
      return c.json({});
    },
  );
}
