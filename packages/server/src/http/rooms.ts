import { limits, ParleyError } from "@parley/protocol";
import {
  at,
  cid,
  me,
  person,
  personId,
  preferences,
  room,
  roomId,
  seq,
} from "@parley/protocol/catalog";
import type { Hono } from "hono";
import { z } from "zod";
import { inboxOf } from "../store/stream-keys.ts";
import {
  ofRoom,
  signedIn,
  type HttpEnv,
  type HttpSurroundings,
} from "./context.ts";
import { describe } from "./describe.ts";
import { entitled } from "./entitled.ts";
import { shortText, wholeNumber } from "./query.ts";

const pageDefault = 50;

const message = z.object({
  ...{ seq, at, by: personId, cid },
  text: z.string().describe("Empty when it was deleted."),
  deleted: z.literal(true).optional(),
});

const member = person.extend({ moderator: z.literal(true).optional() });

/** One's rooms, what was said in them, and which others there are. */
export function roomRoutes(
  app: Hono<HttpEnv>,
  surroundings: HttpSurroundings,
): void {
  const { store } = surroundings.commands;
  const { reads } = store;

  app.get(
    "/api/rooms",
    describe(
      "One's own rooms, the lobby first; their heads and the inbox's are the cursors for hello.",
      {
        answer: z.object({
          epoch: z.string(),
          inbox: seq,
          rooms: z.array(room),
          me,
          preferences,
          blocked: z
            .array(personId)
            .describe("Whose direct messages one does not take."),
        }),
        refusals: ["unauthenticated"],
      },
    ),
    signedIn(surroundings),
    async (c) => {
      const { id } = c.get("session").me;
      // The inbox first: what changes between the reads is then told again by
      // the inbox, instead of being told by neither.
      const heads = await reads.heads([inboxOf(id)]);
      const rooms = await reads.rooms(id);
      const own = await reads.own(id);
      const blocked = await reads.blockedBy(id);
      if (own === undefined) throw new ParleyError("unauthenticated");
      const inbox = heads.get(inboxOf(id)) ?? 0;
      return c.json({ epoch: store.epoch, inbox, rooms, ...own, blocked });
    },
  );

  app.get(
    "/api/streams/:stream/messages",
    describe(
      "A page of a room's messages, ascending: the newest, those before a seq, or those after one. It holds every message from `from` to `to`.",
      {
        query: {
          before: "Only below this seq; the newest of those.",
          after: "Only above this seq; the oldest of those.",
          limit: `1 to ${limits.pageMessages}, else ${pageDefault}.`,
        },
        answer: z.object({
          messages: z.array(message),
          from: seq,
          to: seq,
          head: seq,
          people: z.array(person),
        }),
        refusals: ["unauthenticated", "not_found", "invalid_query"],
      },
    ),
    signedIn(surroundings),
    async (c) => {
      const page = await ofRoom(c, surroundings, (stream) =>
        reads.messages(stream, {
          before: wholeNumber(c, "before"),
          after: wholeNumber(c, "after"),
          limit:
            wholeNumber(c, "limit", { min: 1, max: limits.pageMessages }) ??
            pageDefault,
        }),
      );
      const authors = new Set(page.messages.map(({ by }) => by));
      const people = await reads.people([...authors]);
      return c.json({ ...page, people });
    },
  );

  app.get(
    "/api/streams/:stream/members",
    describe("A page of the people in a room, by id, and how many there are.", {
      query: {
        after: "Only people whose id comes after this one.",
        limit: `1 to ${limits.pagePeople}.`,
      },
      answer: z.object({ members: z.array(member), count: z.int() }),
      refusals: ["unauthenticated", "not_found", "invalid_query"],
    }),
    signedIn(surroundings),
    async (c) => {
      const page = await ofRoom(c, surroundings, (stream) =>
        reads.members(stream, {
          after: shortText(c, "after", 64),
          limit:
            wholeNumber(c, "limit", { min: 1, max: limits.pagePeople }) ??
            limits.pagePeople,
        }),
      );
      return c.json(page);
    },
  );

  app.get(
    "/api/directory",
    describe("Rooms that anybody may join, for who is not bound to some.", {
      query: { query: "Words of the name or the topic." },
      answer: z.object({
        rooms: z.array(
          z.object({
            stream: roomId,
            name: z.string(),
            topic: z.string(),
            members: z.int(),
            joined: z.boolean(),
          }),
        ),
      }),
      refusals: ["unauthenticated", "forbidden", "invalid_query"],
    }),
    signedIn(surroundings),
    entitled(surroundings, "directory.read"),
    async (c) => {
      const query = shortText(c, "query", limits.roomNameCodePoints);
      return c.json({
        rooms: await reads.directory(c.get("session").me.id, query),
      });
    },
  );
}
