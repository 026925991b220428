import { z } from "zod";
import { signal } from "./define.ts";
import { personId, roomId } from "./ids.ts";

export const typing = signal("typing", {
  summary:
    "Up: I am typing here, at most every 3 seconds. Down: these people are, for `ttlMs` from now.",
  from: "both",
  data: {
    stream: roomId,
    by: z.array(personId).optional(),
    ttlMs: z.int().optional(),
  },
  example: { stream: "r_8fK2qZ7mQa", by: ["u_77aQ0cXw2L"], ttlMs: 6000 },
});
