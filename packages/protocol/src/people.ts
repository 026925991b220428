import { z } from "zod";
import { personId } from "./ids.ts";

export const personKinds = ["guest", "member", "bot"] as const;

/** What everybody may know of a person. An e-mail address is not part of it. */
export const person = z.object({
  id: personId,
  name: z.string(),
  kind: z.enum(personKinds),
});

/** What a person knows of themselves. */
export const me = person.extend({ email: z.string() });

export type Person = z.infer<typeof person>;
export type Me = z.infer<typeof me>;
