import { z } from "zod";
import { normalizeName, objectionToEmail, objectionToName } from "./names.ts";
import { messageText } from "./messages.ts";

/**
 * The tutorial's protocol, for a client that offers no subprotocol: the same
 * three keys both ways, lobby only, no numbers, no resume.
 */
export const simpleMessage = z.object({
  email: z.string().check((context) => {
    const objection = objectionToEmail(context.value);
    if (objection !== undefined) {
      context.issues.push({
        code: "custom",
        input: context.value,
        message: objection,
      });
    }
  }),
  username: z.string().transform((typed, context) => {
    const name = normalizeName(typed);
    const objection = objectionToName(name);
    if (objection !== undefined) {
      context.issues.push({ code: "custom", input: typed, message: objection });
    }
    return name;
  }),
  message: messageText,
});

export const simpleExample = {
  email: "ann@example.org",
  username: "Ann",
  message: "hello 你好 :wave:",
};
