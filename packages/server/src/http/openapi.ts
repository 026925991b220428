import { version } from "@parley/protocol";
import type { Hono } from "hono";
import { generateSpecs } from "hono-openapi";
import type { HttpEnv } from "./context.ts";

/** What every route takes and answers, for programs. */
export function openapiRoute(app: Hono<HttpEnv>): void {
  // Whoever asks costs what a file does: it is the same for everybody, and
  // anybody may ask.
  let text: Promise<string> | undefined;
  app.get("/api/openapi.json", async (c) => {
    text ??= write(app);
    return c.body(await text, 200, { "Content-Type": "application/json" });
  });
}

async function write(app: Hono<HttpEnv>): Promise<string> {
  const document = await generateSpecs(app, {
    documentation: {
      info: {
        title: "Parley",
        version,
        description:
          "What is fetched, cached or large. What is fast and pushed goes over the WebSocket; see docs/protocol.md.",
      },
    },
  });
  return JSON.stringify(document);
}
