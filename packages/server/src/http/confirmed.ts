import { ParleyError } from "@parley/protocol";
import type { MiddlewareHandler } from "hono";
import type { HttpEnv, HttpSurroundings } from "./context.ts";

/**
 * Lets in only who has proved within the last 15 minutes that it is they: a
 * browser that was left open must not be enough to take a place over.
 */
export function confirmed({
  sessions,
}: Pick<HttpSurroundings, "sessions">): MiddlewareHandler<HttpEnv> {
  return async (c, next) => {
    if (!(await sessions.isConfirmed(c.get("session")))) {
      throw new ParleyError("sign_in_again");
    }
    await next();
  };
}
