import type { Hono } from "hono";
import type { HttpEnv, HttpSurroundings } from "./context.ts";

/** For whoever watches the process. Says nothing about version or load. */
export function healthRoutes(
  app: Hono<HttpEnv>,
  { isReady }: HttpSurroundings,
): void {
  app.get("/healthz", async (c) => {
    c.header("Cache-Control", "no-store");
    return (await isReady()) ? c.text("ok") : c.text("not ready", 503);
  });
}
