import type { Config } from "../config.ts";

/**
 * Which pages may act here in a person's name. WebSocket has no same-origin
 * rule of its own; this list is the defence against a foreign page that opens
 * a socket with the visitor's cookie (T1).
 */
export class Origins {
  readonly #allowed: ReadonlySet<string>;
  readonly #ownIsKnown: boolean;

  constructor({ url, origins }: Pick<Config, "url" | "origins">) {
    this.#allowed = new Set(url === "" ? origins : [url, ...origins]);
    this.#ownIsKnown = url !== "";
  }

  /**
   * `origin` and `host` are the request's headers. Without PARLEY_URL the own
   * origin is the host that the browser used, by either scheme: behind a proxy
   * that ends TLS, the server cannot know which.
   */
  allows(origin: string, host: string | null): boolean {
    if (this.#allowed.has(origin)) return true;
    if (this.#ownIsKnown || host === null) return false;
    return origin === `http://${host}` || origin === `https://${host}`;
  }
}
