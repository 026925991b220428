import {
  normalizeName,
  objectionToEmail,
  objectionToName,
  type ErrorCode,
} from "@parley/protocol";
import { username } from "@parley/protocol/catalog";
import { z } from "zod";

// What people write of themselves, as it is stored. What cannot be is refused
// with the code that says why.

function checked(objection: (text: string) => ErrorCode | undefined) {
  return (text: string, context: z.RefinementCtx): void => {
    const message = objection(text);
    if (message === undefined) return;
    context.issues.push({ code: "custom", input: text, message });
  };
}

export const emailField = z
  .string()
  .transform((text) => text.trim())
  .superRefine(checked(objectionToEmail));

export const nameField = z
  .string()
  .transform(normalizeName)
  .superRefine(checked(objectionToName));

/** Whoever types it with a capital letter means the same. */
export const usernameField = z
  .string()
  .transform((text) => text.trim().toLowerCase())
  .pipe(username);

/** What an invitation's link ends with; anything else is none. */
export const invitationField = z
  .string()
  .regex(/^[\w-]{22}$/, "invite_invalid");
