import { roles } from "@parley/protocol";
import { ranks } from "@parley/protocol/catalog";
import { z } from "zod";
import { emailField, nameField, usernameField } from "../http/person-fields.ts";

const rank = z.enum([...ranks, "member"]);
/** A user name or an id. */
const who = z.string().min(1);
/** A room's name or its id. */
const room = z.string().min(1);

/** Everything that an operator may ask at the command line. */
export const operatorRequest = z.discriminatedUnion("ask", [
  z.object({ ask: z.literal("user.list"), query: z.string() }),
  z.object({
    ask: z.literal("user.add"),
    email: emailField,
    name: nameField,
    username: usernameField,
    role: rank,
  }),
  z.object({ ask: z.literal("user.role"), who, role: rank }),
  z.object({ ask: z.literal("user.reset-link"), who }),
  z.object({ ask: z.literal("user.suspend"), who, suspended: z.boolean() }),
  z.object({ ask: z.literal("user.sign-out"), who }),
  z.object({
    ask: z.literal("invite"),
    role: z.enum(roles),
    rooms: z.array(room),
    uses: z.int().min(1).nullable(),
    expiresInHours: z.int().min(1).nullable(),
    bound: z.boolean(),
    note: z.string(),
  }),
  z.object({ ask: z.literal("room.list"), query: z.string() }),
  z.object({ ask: z.literal("room.archive"), room, archived: z.boolean() }),
  z.object({ ask: z.literal("room.default"), room, isDefault: z.boolean() }),
  z.object({ ask: z.literal("setup-link") }),
]);

export type OperatorRequest = z.output<typeof operatorRequest>;
