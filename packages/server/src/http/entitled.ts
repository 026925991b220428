import { mayInPlace, ParleyError, type PlaceRight } from "@parley/protocol";
import type { MiddlewareHandler } from "hono";
import type { HttpEnv, HttpSurroundings } from "./context.ts";

/**
 * Lets in only who has this right in the place at this moment: asked of the
 * store, since what is at hand of a session may be a moment old. What changes
 * something is decided in its transaction once more.
 */
export function entitled(
  { commands }: Pick<HttpSurroundings, "commands">,
  right: PlaceRight,
): MiddlewareHandler<HttpEnv> {
  const { reads } = commands.store;
  return async (c, next) => {
    const standing = await reads.standingInPlace(c.get("session").me.id);
    if (standing === undefined) throw new ParleyError("unauthenticated");
    if (!mayInPlace(standing, right)) throw new ParleyError("forbidden");
    c.set("standing", standing);
    await next();
  };
}
