import { Hono } from "hono";
import { accountRoutes } from "./account.ts";
import { adminLogRoutes } from "./admin-log.ts";
import { adminPeopleRoutes } from "./admin-people.ts";
import { adminRoomRoutes } from "./admin-rooms.ts";
import { adminSettingsRoutes } from "./admin-settings.ts";
import { refuse, refuseWith } from "./answers.ts";
import type { HttpEnv, HttpSurroundings } from "./context.ts";
import { guard } from "./guard.ts";
import { healthRoutes } from "./health.ts";
import { invitationRoutes } from "./invitations.ts";
import { joinRoutes } from "./join.ts";
import { openapiRoute } from "./openapi.ts";
import { ownSessionRoutes } from "./own-sessions.ts";
import { peopleRoutes } from "./people.ts";
import { presenceRoutes } from "./presence.ts";
import { resetRoutes } from "./reset.ts";
import { roomRoutes } from "./rooms.ts";
import { securityHeaders } from "./security-headers.ts";
import { setupRoutes } from "./setup.ts";
import { signInRoutes } from "./sign-in.ts";
import { asRefusal } from "../unforeseen.ts";
import type { WebFiles } from "./web-files.ts";

/** Paths of the page that the page itself draws. */
const pagePaths = /^\/(?:r\/[\w-]{1,64}|setup|invite|reset|admin)?$/;

/** Everything over HTTP. `/ws` is not here: it needs the server itself. */
export function createApp(
  surroundings: HttpSurroundings,
  webFiles: WebFiles,
): Hono<HttpEnv> {
  const { config, log } = surroundings;
  const headers = securityHeaders(config);
  const app = new Hono<HttpEnv>();

  app.use(async (c, next) => {
    await next();
    // A handler that set its own (the avatar's sandbox) keeps it.
    for (const [name, value] of Object.entries(headers)) {
      if (!c.res.headers.has(name)) c.res.headers.set(name, value);
    }
    // Hono leaves the charset out; who guesses one guesses wrong.
    if (c.res.headers.get("Content-Type") === "application/json") {
      c.res.headers.set("Content-Type", "application/json; charset=utf-8");
    }
    const isApi = c.req.path.startsWith("/api/");
    if (isApi && !c.res.headers.has("Cache-Control")) {
      c.res.headers.set("Cache-Control", "no-store");
    }
  });
  app.use(guard(surroundings));
  healthRoutes(app, surroundings);
  joinRoutes(app, surroundings);
  setupRoutes(app, surroundings);
  invitationRoutes(app, surroundings);
  signInRoutes(app, surroundings);
  accountRoutes(app, surroundings);
  resetRoutes(app, surroundings);
  ownSessionRoutes(app, surroundings);
  roomRoutes(app, surroundings);
  presenceRoutes(app, surroundings);
  peopleRoutes(app, surroundings);
  adminPeopleRoutes(app, surroundings);
  adminRoomRoutes(app, surroundings);
  adminSettingsRoutes(app, surroundings);
  adminLogRoutes(app, surroundings);
  openapiRoute(app);
  app.notFound((c) => {
    const { path, method } = c.req;
    const file = webFiles.answer(
      pagePaths.test(path) ? "/" : path,
      c.req.raw.headers,
      headers,
    );
    if (file !== undefined && method === "GET") return file;

    const allowed = app.routes
      .filter((route) => route.method !== "ALL" && matches(route.path, path))
      .map((route) => route.method);
    if (file !== undefined) allowed.push("GET");
    if (allowed.length === 0) return refuseWith(c, "not_found");
    if (allowed.includes("GET")) allowed.push("HEAD");
    c.header("Allow", [...new Set(allowed)].join(", "));
    return refuseWith(c, "method_not_allowed");
  });
  app.onError((error, c) =>
    refuse(
      c,
      asRefusal(error, log, ["a request failed", { path: c.req.path }]),
    ),
  );
  return app;
}

/** Whether a route's pattern is for this path; parameters stand for one part. */
function matches(pattern: string, path: string): boolean {
  const wanted = pattern.split("/");
  const parts = path.split("/");
  return (
    wanted.length === parts.length &&
    wanted.every((part, index) => part.startsWith(":") || part === parts[index])
  );
}
