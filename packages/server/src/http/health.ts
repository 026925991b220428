import type { Hono } from "hono";
import type { HttpEnv, HttpSurroundings } from "./context.ts";

/** For whoever watches the process. Says nothing of version or load. */
export function healthRoutes(
  app: Hono<HttpEnv>,
  { health }: HttpSurroundings,
): void {
  // Whether a node that was just started may be counted on.
  app.get("/healthz", async (c) => {
    c.header("Cache-Control", "no-store");
    const { store, bus } = await health();
    if (store && bus) return c.json({ status: "ready" });
    const words = { store: inWords(store), bus: inWords(bus) };
    return c.json({ status: "not ready", ...words }, 503);
  });

  // Whether this node serves people: it does while it answers at all. Without
  // store or bus its sockets stay open and wait, and as the other nodes miss
  // the same, a proxy that went by `/healthz` would take out all of them.
  app.get("/livez", (c) => {
    c.header("Cache-Control", "no-store");
    return c.json({ status: "live" });
  });
}

function inWords(isReached: boolean): "ok" | "unreachable" {
  return isReached ? "ok" : "unreachable";
}
