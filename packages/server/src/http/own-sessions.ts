import { ParleyError } from "@parley/protocol";
import type { Hono } from "hono";
import { z } from "zod";
import { shortAgent } from "../auth/agent.ts";
import { publicSessionId } from "../store/session-id.ts";
import type { Reads, Store } from "../store/store.ts";
import { signedIn, type HttpEnv, type HttpSurroundings } from "./context.ts";
import { describe } from "./describe.ts";
import { jsonBody } from "./json-body.ts";

/** Somebody's sessions, as they and the administrators see them. */
export const sessionsAnswer = z.object({
  sessions: z.array(
    z.object({
      id: z.string(),
      agent: z
        .string()
        .describe('The browser and its system: "Firefox on Linux".'),
      createdAt: z.int(),
      usedAt: z.int(),
      current: z.boolean(),
    }),
  ),
});

/** `current`: the hash of the session that asks. */
export async function sessionsAs(
  { reads, now }: Pick<Store, "now"> & { reads: Pick<Reads, "sessionsOf"> },
  { person, current }: { person: string; current?: string },
): Promise<z.output<typeof sessionsAnswer>> {
  const rows = await reads.sessionsOf({ person, now: now() });
  const sessions = rows.map(({ tokenHash, agent, createdAt, usedAt }) => ({
    id: publicSessionId(tokenHash),
    agent: shortAgent(agent),
    ...{ createdAt, usedAt },
    current: tokenHash === current,
  }));
  return { sessions };
}

/** Where else one is signed in, and ending it. */
export function ownSessionRoutes(
  app: Hono<HttpEnv>,
  surroundings: HttpSurroundings,
): void {
  const { commands, cookie, endSockets } = surroundings;
  const { store } = commands;

  app.get(
    "/api/sessions",
    describe("Where one is signed in, the last used first.", {
      answer: sessionsAnswer,
      refusals: ["unauthenticated", "rate_limited"],
    }),
    signedIn(surroundings),
    async (c) => {
      const { me, tokenHash } = c.get("session");
      const whose = { person: me.id, current: tokenHash };
      return c.json(await sessionsAs(store, whose));
    },
  );

  app.delete(
    "/api/sessions/:id",
    describe("Ends one of one's own sessions, and its sockets.", {
      answer: z.object({}),
      refusals: ["unauthenticated", "not_found", "rate_limited", "csrf"],
    }),
    signedIn(surroundings),
    async (c) => {
      const session = c.req.param("id");
      if (!/^s_[0-9a-f]{16}$/.test(session)) throw new ParleyError("not_found");
      const { me, tokenHash: own } = c.get("session");
      const { tokenHash } = await store.write("endOwnSession", {
        ...{ by: me.id, session },
      });
      endSockets(tokenHash);
      if (tokenHash === own) {
        c.header("Set-Cookie", cookie.clear());
        c.header("Clear-Site-Data", '"cache", "storage"');
      }
      return c.json({});
    },
  );

  app.post(
    "/api/sessions/end-others",
    describe("Ends all of one's sessions but this one.", {
      body: z.object({}),
      answer: z.object({}),
      refusals: ["unauthenticated", "rate_limited", "csrf", "unsupported_type"],
    }),
    signedIn(surroundings),
    async (c) => {
      await jsonBody(c, z.object({}));
      const { me, tokenHash } = c.get("session");
      await store.write("endOtherSessions", { by: me.id, tokenHash });
      return c.json({});
    },
  );
}
