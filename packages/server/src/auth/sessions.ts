import type { Me } from "@parley/protocol";
import type { Config } from "../config.ts";
import { hashToken, newSessionToken } from "../identifiers.ts";
import type { SessionRow, Store } from "../store/store.ts";

const dayMs = 86_400_000;

/** Writing down each use would cost a commit per connection; once an hour is enough. */
const touchEveryMs = 3_600_000;

/** Sessions kept at hand, so that a reconnecting crowd asks the store once each. */
const cachedMax = 20_000;

export interface Session {
  me: Me;
  tokenHash: string;
  expiresAt: number;
}

/** Who is signed in, by the secret in their cookie; only its hash is ever kept. */
export class Sessions {
  readonly #store: Store;
  readonly #idleMs: number;
  readonly #lifeMs: number;
  readonly #cache = new Map<string, SessionRow>();

  constructor(store: Store, config: Config) {
    this.#store = store;
    this.#idleMs = config.sessionIdleDays * dayMs;
    this.#lifeMs = config.sessionDays * dayMs;
  }

  /** A new secret and what the store gets of it. */
  create(now: number): { token: string; tokenHash: string; expiresAt: number } {
    const token = newSessionToken();
    const expiresAt = now + Math.min(this.#idleMs, this.#lifeMs);
    return { token, tokenHash: hashToken(token), expiresAt };
  }

  /** The session of this secret, if there is one that has not ended. */
  async find(token: string | undefined): Promise<Session | undefined> {
    // What cannot be one of our secrets is not worth a question.
    if (token === undefined || !/^[\w-]{43}$/.test(token)) return undefined;
    const tokenHash = hashToken(token);
    let row = this.#cache.get(tokenHash);
    if (row === undefined) {
      row = await this.#store.reads.session(tokenHash);
      if (row === undefined) return undefined;
      this.#remember(tokenHash, row);
    }
    const now = Date.now();
    if (row.expiresAt <= now) {
      this.#cache.delete(tokenHash);
      return undefined;
    }
    if (now - row.usedAt > touchEveryMs) this.#touch(tokenHash, row, now);
    return { me: row.me, tokenHash, expiresAt: row.expiresAt };
  }

  /** Ends it; a guest leaves their rooms with it. */
  async end({ tokenHash }: Session): Promise<void> {
    this.#cache.delete(tokenHash);
    await this.#store.write("endSession", { tokenHash });
    this.#cache.delete(tokenHash);
  }

  #remember(tokenHash: string, row: SessionRow): void {
    if (this.#cache.size >= cachedMax) {
      const oldest = this.#cache.keys().next().value;
      if (oldest !== undefined) this.#cache.delete(oldest);
    }
    this.#cache.set(tokenHash, row);
  }

  #touch(tokenHash: string, row: SessionRow, now: number): void {
    row.usedAt = now;
    // Use puts the end off, but never beyond the life that a session has.
    const expiresAt = Math.min(
      now + this.#idleMs,
      row.createdAt + this.#lifeMs,
    );
    row.expiresAt = Math.max(row.expiresAt, expiresAt);
    this.#store
      .write("touchSession", { tokenHash, expiresAt: row.expiresAt })
      .catch(() => {
        // Not written down this time: the session ends a little earlier.
      });
  }
}
