import type { Config } from "../config.ts";
import { hashToken, newSessionToken } from "../identifiers.ts";
import { gathered } from "../store/gathered.ts";
import type { SessionRow, Store } from "../store/store.ts";

const dayMs = 86_400_000;

/** Writing down each use would cost a commit per connection; once an hour is enough. */
const touchEveryMs = 3_600_000;

/** Sessions kept at hand, so that a reconnecting crowd asks the store once each. */
const cachedMax = 20_000;

/** One object per session, shared by all its connections: its end moves for all of them. */
export interface Session extends SessionRow {
  tokenHash: string;
}

/** Who is signed in, by the secret in their cookie; only its hash is ever kept. */
export class Sessions {
  readonly #store: Store;
  readonly #ask: (tokenHash: string) => Promise<SessionRow | undefined>;
  readonly #idleMs: number;
  readonly #lifeMs: number;
  readonly #cache = new Map<string, Session>();

  constructor(store: Store, config: Config) {
    this.#store = store;
    this.#ask = gathered((hashes) => store.reads.sessions(hashes));
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
    let session = this.#cache.get(tokenHash);
    if (session === undefined) {
      const row = await this.#ask(tokenHash);
      if (row === undefined) return undefined;
      session = { ...row, tokenHash };
      this.#remember(session);
    }
    return this.isOver(session) ? undefined : session;
  }

  /** Whether it has ended by now. Asking is a use of it, and puts the end off. */
  isOver(session: Session): boolean {
    const now = Date.now();
    if (session.expiresAt <= now) {
      this.#cache.delete(session.tokenHash);
      return true;
    }
    if (now - session.usedAt > touchEveryMs) this.#touch(session, now);
    return false;
  }

  /** Ends it; a guest leaves their rooms with it. */
  async end({ tokenHash }: Session): Promise<void> {
    this.#cache.delete(tokenHash);
    await this.#store.write("endSession", { tokenHash });
    this.#cache.delete(tokenHash);
  }

  #remember(session: Session): void {
    if (this.#cache.size >= cachedMax) {
      const oldest = this.#cache.keys().next().value;
      if (oldest !== undefined) this.#cache.delete(oldest);
    }
    this.#cache.set(session.tokenHash, session);
  }

  #touch(session: Session, now: number): void {
    session.usedAt = now;
    // Use puts the end off, but never beyond the life that a session has.
    const expiresAt = Math.min(
      now + this.#idleMs,
      session.createdAt + this.#lifeMs,
    );
    session.expiresAt = Math.max(session.expiresAt, expiresAt);
    const { tokenHash } = session;
    this.#store
      .write("touchSession", { tokenHash, expiresAt: session.expiresAt })
      .catch(() => {
        // Not written down this time: the session ends a little earlier.
      });
  }
}
