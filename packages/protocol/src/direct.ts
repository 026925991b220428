import { z } from "zod";
import { command } from "./define.ts";
import { cid, personId, seq, streamId } from "./ids.ts";
import { directPeopleMax } from "./rooms.ts";

export const openDirect = command("direct.open", {
  summary:
    "The direct room of oneself and these people: the one there is (then with `repeated`), or a new one.",
  params: {
    cid,
    people: z
      .array(personId)
      .min(1)
      .max(directPeopleMax - 1, "too_many_people"),
  },
  result: {
    cid,
    stream: streamId,
    seq,
    repeated: z.literal(true).optional(),
  },
  example: {
    ask: {
      cid: "01926e4a-7c3b-7d2e-9f10-5a6b7c8d9e0f",
      people: ["u_77aQ0cXw2L"],
    },
    answer: {
      cid: "01926e4a-7c3b-7d2e-9f10-5a6b7c8d9e0f",
      stream: "r_8fK2qZ7mQa",
      seq: 1,
    },
  },
});
