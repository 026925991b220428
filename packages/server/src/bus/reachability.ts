import type { Logger } from "../log.ts";
import type { NatsTrouble } from "./nats-trouble.ts";

const meanwhile =
  "other nodes are heard through the database, with up to 2 seconds' delay, until it is back";

/** Different troubles of one outage are told, but not for ever. */
const toldMax = 20;

/** Whether the other nodes are heard; the log is told once of each change. */
export class Reachability {
  readonly #servers: string;
  readonly #log: Logger;
  readonly #onDoubt: () => void;
  readonly #told = new Set<string>();
  #state: "silent" | "hearing" | "forbidden" | "over" = "silent";

  /** `onDoubt` is called when the others are heard again: not all was. */
  constructor(servers: string, log: Logger, onDoubt: () => void) {
    this.#servers = servers;
    this.#log = log;
    this.#onDoubt = onDoubt;
  }

  get isHearing(): boolean {
    return this.#state === "hearing";
  }

  /** A new connection; whether it carries anything is not known yet. */
  begin(): void {
    if (this.#state !== "over") this.#state = "silent";
  }

  is(): void {
    if (this.#state !== "silent") return;
    this.#state = "hearing";
    this.#told.clear();
    this.#log.info(`NATS at ${this.#servers} is there; other nodes are heard`);
    this.#onDoubt();
  }

  isLost(why: string): void {
    this.#end(`NATS at ${this.#servers} is lost (${why})`);
  }

  /** Connecting fails. That it still does is no news; that a setting is wrong is. */
  isNot(trouble: NatsTrouble | undefined): void {
    if (this.#told.size > 0 && trouble?.isMistake !== true) return;
    this.#end(
      trouble?.message ??
        `NATS at ${this.#servers} cannot be reached (it does not answer)`,
    );
  }

  /** What it forbids is not heard, however well the rest is. */
  isForbidden(): void {
    this.#end(
      `NATS at ${this.#servers} forbids this node to publish or subscribe; its user needs both on "parley.>"`,
    );
    if (this.#state !== "over") this.#state = "forbidden";
  }

  /** Nothing is said any more. */
  end(): void {
    this.#state = "over";
  }

  #end(sentence: string): void {
    if (this.#state === "over") return;
    if (this.#state === "hearing") this.#state = "silent";
    if (this.#told.has(sentence) || this.#told.size >= toldMax) return;
    this.#told.add(sentence);
    this.#log.warn(`${sentence}; ${meanwhile}`);
  }
}
