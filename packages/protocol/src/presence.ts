import { z } from "zod";
import { signal } from "./define.ts";
import { personId, roomId } from "./ids.ts";
import { limits } from "./limits.ts";

/** How present somebody is to others. */
export const presenceStates = ["online", "away", "offline"] as const;

export const presence = signal("presence", {
  summary:
    "Up: how one is here on this device, or of which rooms one wants to know who is. Down: who is here of a room that one has named so.",
  from: "both",
  data: {
    state: z
      .enum(["online", "away"])
      .optional()
      .describe("Up: a new connection is online until it says otherwise."),
    watch: z
      .array(roomId)
      .optional()
      .describe(
        `Up: the rooms, instead of those named before; of rooms that this connection follows, the first ${limits.watchedRooms}.`,
      ),
    stream: roomId
      .optional()
      .describe(
        "Down: the room. With neither `people` nor `present`, nothing is told of it.",
      ),
    people: z
      .record(personId, z.enum(presenceStates))
      .optional()
      .describe(
        `Down, in rooms of up to ${limits.presenceMembers}: what has changed.`,
      ),
    whole: z
      .literal(true)
      .optional()
      .describe("Down: `people` is everybody who is here; the rest is not."),
    present: z
      .int()
      .min(0)
      .optional()
      .describe("Down, in larger rooms: how many are here."),
  },
  example: { stream: "r_8fK2qZ7mQa", people: { u_77aQ0cXw2L: "away" } },
});

export type PresenceState = (typeof presenceStates)[number];
