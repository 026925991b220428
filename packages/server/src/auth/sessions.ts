import type { Me } from "@parley/protocol";
import type { Config } from "../config.ts";
import { hashToken, newSessionToken } from "../identifiers.ts";
import { gathered } from "../store/gathered.ts";
import { publicSessionId } from "../store/session-id.ts";
import { inboxOwner } from "../store/stream-keys.ts";
import type { CommittedEvent, SessionRow, Store } from "../store/store.ts";
import type { NewSession } from "../store/writes/insert-session.ts";

const dayMs = 86_400_000;

/** Writing down each use would cost a commit per connection; once an hour is enough. */
const touchEveryMs = 3_600_000;

/** Sessions kept at hand, so that a reconnecting crowd asks the store once each. */
const cachedMax = 20_000;

/** Endings that are remembered, for answers of the store that were older. */
const endedMax = 10_000;

/** So long after a password one may do what asks for one. */
const confirmedMs = 15 * 60_000;

/**
 * What the store said is believed for so long where another node may end the
 * session and nothing here would tell (A-2: within a second).
 */
const believedMs = 600;

/** One object per session, shared by all its connections: its end moves for all of them. */
export interface Session extends SessionRow {
  tokenHash: string;
  /** What it is called in the inbox. */
  publicId: string;
  /** Monotonic time at which the store was last asked for it. */
  askedAt: number;
  /** Monotonic time from which on `me` is known to be so. */
  meAt: number;
}

export interface SessionsOptions extends Pick<
  Config,
  "sessionIdleDays" | "sessionDays"
> {
  /**
   * Since when (monotonic) a person's inbox is heard here without a break: it
   * tells of every session of theirs that ends on whichever node.
   */
  heardSince?: (person: string) => number | undefined;
}

/** Who is signed in, by the secret in their cookie; only its hash is ever kept. */
export class Sessions {
  readonly #store: Store;
  readonly #ask: (tokenHash: string) => Promise<SessionRow | undefined>;
  readonly #heardSince: (person: string) => number | undefined;
  readonly #idleMs: number;
  readonly #lifeMs: number;
  /** By public id, which is not proof enough: the hash has to be the same too. */
  readonly #cache = new Map<string, Session>();
  /** Public ids of sessions that are over, the latest last. */
  readonly #ended = new Set<string>();
  /** Counts what was heard of people, so that who asks the store can tell. */
  #changes = 0;

  constructor(
    store: Store,
    {
      sessionIdleDays,
      sessionDays,
      heardSince = () => undefined,
    }: SessionsOptions,
  ) {
    this.#store = store;
    this.#ask = gathered((hashes) => store.reads.sessions(hashes));
    this.#heardSince = heardSince;
    this.#idleMs = sessionIdleDays * dayMs;
    this.#lifeMs = sessionDays * dayMs;
  }

  /** A new secret and what the store gets of it. */
  create(agent = ""): NewSession & { token: string } {
    const token = newSessionToken();
    const expiresAt = this.#store.now() + Math.min(this.#idleMs, this.#lifeMs);
    return { token, tokenHash: hashToken(token), expiresAt, agent };
  }

  /** The session of this secret, if there is one that has not ended. */
  async find(token: string | undefined): Promise<Session | undefined> {
    // What cannot be one of our secrets is not worth a question.
    if (token === undefined || !/^[\w-]{43}$/.test(token)) return undefined;
    const tokenHash = hashToken(token);
    const session = this.#cache.get(publicSessionId(tokenHash));
    if (session?.tokenHash !== tokenHash) return this.#load(tokenHash);
    if (!this.#isBelieved(session)) await this.#askAgain(session);
    return this.isOver(session) ? undefined : session;
  }

  /**
   * Whether it has ended by now, as far as is known here. Asking is a use of
   * it, and puts the end off.
   */
  isOver(session: Session): boolean {
    if (this.#ended.has(session.publicId)) return true;
    const now = this.#store.now();
    if (session.expiresAt <= now) {
      this.#cache.delete(session.publicId);
      return true;
    }
    if (now - session.usedAt > touchEveryMs) this.#touch(session, now);
    return false;
  }

  /**
   * Whether a connection with this session may begin. Asked when its person's
   * inbox is heard here: what ended before is then in the store, what ends
   * later is told, and in no order of the two does it go on.
   */
  async confirm(session: Session): Promise<boolean> {
    if (!this.#isWatched(session)) await this.#askAgain(session);
    return !this.isOver(session);
  }

  /** Whether it holds, by the store; in one question for all of a turn. */
  async recheck(session: Session): Promise<boolean> {
    // Alone, this node has ended whatever was ended.
    if (this.#store.isShared) await this.#askAgain(session);
    return !this.isOver(session);
  }

  /** Whether its person has proved within the last 15 minutes that it is they. */
  async isConfirmed(session: Session): Promise<boolean> {
    const isRecent = (): boolean =>
      this.#store.now() - session.confirmedAt < confirmedMs;
    // They may have proved it to another node, which tells nobody.
    if (!isRecent() && this.#store.isShared) await this.#askAgain(session);
    return isRecent();
  }

  /** They have just proved it, and the store knows. */
  confirmed(session: Session): void {
    session.confirmedAt = this.#store.now();
  }

  /** The person has another name or rank, here or on another node. */
  hearMe(me: Me): void {
    this.#changes += 1;
    const meAt = performance.now();
    for (const session of this.#cache.values()) {
      if (session.me.id === me.id) Object.assign(session, { me, meAt });
    }
  }

  /** What was committed here, or is delivered here, of a stream. */
  hear(stream: string, { event }: CommittedEvent): void {
    // By the kind first: every message passes here, and is none of these.
    if (event.type !== "session.ended" && event.type !== "me.changed") return;
    if (inboxOwner(stream) === undefined) return;
    if (event.type === "session.ended") this.hearEnd(event.session);
    else this.hearMe(event.me);
  }

  /** Ends it; a guest leaves their rooms with it. */
  async end({ tokenHash, publicId }: Session): Promise<void> {
    await this.#store.write("endSession", { tokenHash });
    this.hearEnd(publicId);
  }

  /** It has ended, here or on another node. */
  hearEnd(publicId: string): void {
    this.#cache.delete(publicId);
    if (this.#ended.size >= endedMax) {
      const [oldest = ""] = this.#ended;
      this.#ended.delete(oldest);
    }
    this.#ended.add(publicId);
  }

  /** Whether nothing can have ended it since without this node knowing. */
  #isWatched({ me, askedAt }: Session): boolean {
    if (!this.#store.isShared) return true;
    return askedAt >= (this.#heardSince(me.id) ?? Infinity);
  }

  #isBelieved(session: Session): boolean {
    // On another node it may have been used, which puts its end off.
    if (session.expiresAt <= this.#store.now()) return false;
    if (this.#isWatched(session)) return true;
    return performance.now() - session.askedAt < believedMs;
  }

  async #load(tokenHash: string): Promise<Session | undefined> {
    let askedAt: number;
    let changes: number;
    let row: SessionRow | undefined;
    do {
      askedAt = performance.now();
      changes = this.#changes;
      row = await this.#ask(tokenHash);
      // What was heard meanwhile may be of this person, and newer.
    } while (row !== undefined && changes !== this.#changes);
    if (row === undefined) return undefined;
    const publicId = publicSessionId(tokenHash);
    // Somebody may have asked in the same moment.
    const known = this.#cache.get(publicId);
    const session =
      known?.tokenHash === tokenHash
        ? known
        : { ...row, tokenHash, publicId, askedAt, meAt: askedAt };
    // The answer may be older than what was heard since.
    if (this.isOver(session)) return undefined;
    this.#remember(session);
    return session;
  }

  async #askAgain(session: Session): Promise<void> {
    const askedAt = performance.now();
    const row = await this.#ask(session.tokenHash);
    if (row === undefined) {
      this.hearEnd(session.publicId);
      return;
    }
    session.askedAt = Math.max(session.askedAt, askedAt);
    if (askedAt > session.meAt) {
      Object.assign(session, { me: row.me, meAt: askedAt });
    }
    session.confirmedAt = Math.max(session.confirmedAt, row.confirmedAt);
    session.usedAt = Math.max(session.usedAt, row.usedAt);
    session.expiresAt = Math.max(session.expiresAt, row.expiresAt);
  }

  #remember(session: Session): void {
    if (this.#cache.size >= cachedMax) {
      const oldest = this.#cache.keys().next().value;
      if (oldest !== undefined) this.#cache.delete(oldest);
    }
    this.#cache.set(session.publicId, session);
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
