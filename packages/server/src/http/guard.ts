import { ParleyError } from "@parley/protocol";
import type { MiddlewareHandler } from "hono";
import { urlCharsMax } from "../limits/url-length.ts";
import type { HttpEnv, HttpSurroundings } from "./context.ts";

const unchanging = new Set(["GET", "HEAD"]);

/**
 * What holds for every request: no endless address, no token in it, and no
 * change from another site's page (T2). SameSite=Lax keeps the cookie away from
 * most of those; this does not rest on it alone.
 */
export function guard({
  origins,
}: HttpSurroundings): MiddlewareHandler<HttpEnv> {
  return async (c, next) => {
    if (c.req.url.length > urlCharsMax) throw new ParleyError("uri_too_long");
    if (c.req.query("token") !== undefined) {
      throw new ParleyError("token_in_url");
    }
    if (!unchanging.has(c.req.method)) {
      const origin = c.req.header("origin");
      const site = c.req.header("sec-fetch-site") ?? "same-origin";
      const isOwn =
        origin === undefined
          ? site === "same-origin" || site === "none"
          : origins.allows(origin, c.req.header("host") ?? null);
      if (!isOwn) throw new ParleyError("csrf");
    }
    await next();
  };
}
