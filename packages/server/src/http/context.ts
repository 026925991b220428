import { ParleyError } from "@parley/protocol";
import type { Context, MiddlewareHandler } from "hono";
import type { Accounts } from "../auth/accounts.ts";
import type { SessionCookie } from "../auth/session-cookie.ts";
import type { Origins } from "../auth/origins.ts";
import type { Session, Sessions } from "../auth/sessions.ts";
import type { CommandContext } from "../commands/context.ts";
import type { Config } from "../config.ts";
import type { Logger } from "../log.ts";
import type { Place } from "../place/place.ts";
import type { Presence } from "../rooms/presence.ts";
import type { StandingInPlace } from "../store/place-reads.ts";

/** What the routes work with. */
export interface HttpSurroundings {
  config: Config;
  log: Logger;
  place: Place;
  commands: CommandContext;
  presence: Pick<Presence, "of">;
  sessions: Sessions;
  accounts: Accounts;
  cookie: SessionCookie;
  origins: Origins;
  /** Closes the sockets of a session that has ended. */
  endSockets: (tokenHash: string) => void;
  /** Which of the two that a node works with it reaches. */
  health: () => Promise<{ store: boolean; bus: boolean }>;
}

export interface HttpEnv {
  Bindings: { address: string };
  Variables: {
    session: Session;
    /** What they are in the place, where that was asked (entitled.ts). */
    standing: StandingInPlace;
  };
}

/** Lets in only who is signed in, and not more often than a person can want. */
export function signedIn({
  sessions,
  cookie,
  commands,
}: HttpSurroundings): MiddlewareHandler<HttpEnv> {
  return async (c, next) => {
    const token = cookie.read(c.req.header("cookie"));
    const session = await sessions.find(token);
    if (session === undefined) throw new ParleyError("unauthenticated");
    commands.limiter.check("requestRate", session.me.id);
    c.set("session", session);
    await next();
  };
}

/**
 * Something of the room of the path, when the caller is in it. Unknown and
 * forbidden are one answer, and every lookup goes through here (T6).
 */
export async function ofRoom<Answer>(
  c: Context<HttpEnv>,
  { commands }: HttpSurroundings,
  read: (stream: string) => Promise<Answer>,
): Promise<Answer> {
  const stream = c.req.param("stream") ?? "";
  const { reads } = commands.store;
  const demandMember = async (): Promise<void> => {
    const isRoom = /^r_[0-9A-Za-z]{6,32}$/.test(stream);
    const isIn =
      isRoom && (await reads.isMember(c.get("session").me.id, stream));
    if (!isIn) throw new ParleyError("not_found");
  };
  await demandMember();
  const answer = await read(stream);
  // They may have been taken out while it was read.
  await demandMember();
  return answer;
}
