import { z } from "zod";
import { command, event } from "./define.ts";
import { personId } from "./ids.ts";

export const personKinds = ["guest", "member", "bot"] as const;

/** What a person may be beyond what their kind says. */
export const ranks = ["owner", "administrator", "moderator"] as const;

/**
 * How one is mentioned: ASCII, so that no two look alike in any font that
 * tells l from 1. Lower case; the dots and the rest not at the ends.
 */
export const username = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9._-]{0,30}[a-z0-9])$/, "invalid_username");

/** What everybody may know of a person. An e-mail address is not part of it. */
export const person = z.object({
  id: personId,
  name: z.string(),
  kind: z.enum(personKinds),
  rank: z
    .enum(ranks)
    .optional()
    .describe("What they are besides, when they are."),
  username: z.string().optional(),
  suspended: z.literal(true).optional(),
});

/** What a person knows of themselves. */
export const me = person.extend({
  email: z.string(),
  bound: z
    .literal(true)
    .optional()
    .describe(
      "A guest who came by a link to a room: that room is all they see.",
    ),
});

/** What a person has chosen for themselves, the same on all their devices. */
export const preferences = z.object({
  showsPresence: z.boolean().describe("Others see whether one is here."),
  showsTyping: z.boolean().describe("Others see that one types."),
  roomOrder: z.enum(["name", "recent"]),
});

export const meChanged = event("me.changed", {
  summary:
    "In the inbox: one is another person to others now, or has another rank.",
  data: { me },
  example: {
    stream: "inbox",
    seq: 8,
    me: {
      id: "u_77aQ0cXw2L",
      name: "Ann",
      kind: "member",
      username: "ann",
      email: "ann@example.org",
    },
  },
});

export const setPreferences = command("preferences.set", {
  summary:
    "Chooses for oneself, on all one's devices. What is not given stays; the last word holds, so it needs no cid.",
  params: preferences.partial().shape,
  result: { preferences },
  example: {
    ask: { showsPresence: false },
    answer: {
      preferences: {
        showsPresence: false,
        showsTyping: true,
        roomOrder: "name",
      },
    },
  },
});

export const preferencesSet = event("preferences.set", {
  summary: "In the inbox: what one has chosen, on some device.",
  data: { preferences },
  example: {
    stream: "inbox",
    seq: 9,
    preferences: { showsPresence: false, showsTyping: true, roomOrder: "name" },
  },
});

export const blockPerson = command("person.block", {
  summary:
    "Takes no direct messages from this person any more, or takes them again. The last word holds, so it needs no cid.",
  params: { person: personId, blocked: z.boolean() },
  result: { person: personId, blocked: z.boolean() },
  example: {
    ask: { person: "u_77aQ0cXw2L", blocked: true },
    answer: { person: "u_77aQ0cXw2L", blocked: true },
  },
});

export const personBlocked = event("person.blocked", {
  summary:
    "In the inbox: whose direct messages one takes or not. The other is not told.",
  data: { person: personId, blocked: z.boolean() },
  example: { stream: "inbox", seq: 10, person: "u_77aQ0cXw2L", blocked: true },
});

export type Person = z.infer<typeof person>;
export type Me = z.infer<typeof me>;
export type Rank = (typeof ranks)[number];
export type Preferences = z.infer<typeof preferences>;
