import type { CommandContext } from "../commands/context.ts";
import type { Config } from "../config.ts";
import type { Logger } from "../log.ts";
import type { Place } from "../place/place.ts";
import type { Feeds } from "../rooms/feeds.ts";
import type { Presence } from "../rooms/presence.ts";
import type { PresentPeople } from "../rooms/present-people.ts";
import type { Typing } from "../rooms/typing.ts";
import type { Sessions } from "../auth/sessions.ts";
import type { AnswerBatch } from "./answer-batch.ts";
import type { HeartbeatClock } from "./heartbeat.ts";
import type { Turnstile } from "./turnstile.ts";

/** What every connection of this server shares. */
export interface SocketSurroundings {
  config: Config;
  log: Logger;
  place: Place;
  commands: CommandContext;
  sessions: Sessions;
  feeds: Feeds;
  people: PresentPeople;
  presence: Presence;
  typing: Typing;
  answers: AnswerBatch;
  /** Where those wait for their turn who have missed more than is at hand. */
  comingBack: Turnstile;
  clock: HeartbeatClock;
  /** What this node is called, where there are several. */
  node?: string | undefined;
}
