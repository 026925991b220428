import { z } from "zod";
import { event } from "./define.ts";
import { personId, roomId } from "./ids.ts";
import { roomName } from "./rooms.ts";
import { makersOfRooms } from "./rights.ts";

/** How newcomers come in: by the door, with an invitation, or not at all. */
export const joinModes = ["open", "invitation", "closed"] as const;

/** A part of an e-mail address, behind the @. Lower case. */
export const domain = z
  .string()
  .max(253)
  .regex(
    /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]$/,
    "invalid_domain",
  );

/** What the administrators of a place have decided. */
export const placeSettings = z.object({
  name: roomName,
  joinMode: z.enum(joinModes),
  domains: z
    .array(domain)
    .max(50)
    .describe("Addresses of newcomers have to end so; none: any address."),
  language: z
    .enum(["auto", "en", "zh"])
    .describe(
      "What the page speaks to who has not chosen: auto is the browser's language.",
    ),
  roomsBy: z.enum(makersOfRooms).describe("Who may make rooms."),
  showsPresence: z.boolean().describe("Whether anybody is told who is here."),
});

export const acts = [
  "place.claimed",
  "place.changed",
  "person.added",
  "person.role",
  "person.suspended",
  "person.restored",
  "person.reset",
  "person.signed-out",
  "invitation.made",
  "invitation.revoked",
  "room.changed",
  "room.archived",
  "room.restored",
  "room.default",
  "room.removed",
  "room.moderator",
  "message.deleted",
] as const;

export const acted = event("place.acted", {
  summary:
    "In the place's own log, which administrators read over HTTP: who of them did what, to whom.",
  data: {
    act: z.enum(acts),
    person: personId.optional(),
    room: roomId.optional(),
    detail: z
      .record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
      .optional()
      .describe("What it became. Never what somebody said."),
  },
  example: {
    stream: "place",
    seq: 3,
    act: "person.role",
    person: "u_77aQ0cXw2L",
    detail: { role: "moderator" },
  },
});

export type Act = (typeof acts)[number];
export type JoinMode = (typeof joinModes)[number];
export type PlaceSettings = z.infer<typeof placeSettings>;
