import { z } from "zod";
import { command, event } from "./define.ts";
import { roomId, seq } from "./ids.ts";

/** How somebody has put a room among their own. */
const arrangement = {
  favourite: z.boolean(),
  muted: z.boolean(),
  hidden: seq.describe(
    "Out of sight until something comes after this; 0: never.",
  ),
};

const example = { favourite: true, muted: false, hidden: 0 };

export const arrangeRoom = command("room.arrange", {
  summary:
    "Puts a room one is in among the favourites, mutes it, or, for a direct one, out of sight. What is not given stays; the last word holds, so it needs no cid.",
  params: {
    stream: roomId,
    favourite: z.boolean().optional(),
    muted: z.boolean().optional(),
    hidden: z.boolean().optional(),
  },
  result: { stream: roomId, ...arrangement },
  example: {
    ask: { stream: "r_8fK2qZ7mQa", favourite: true },
    answer: { stream: "r_8fK2qZ7mQa", ...example },
  },
});

export const roomArranged = event("room.arranged", {
  summary: "In the inbox: how one has put this room, on some device.",
  data: { room: roomId, ...arrangement },
  example: { stream: "inbox", seq: 11, room: "r_8fK2qZ7mQa", ...example },
});
