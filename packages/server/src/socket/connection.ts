import {
  closeCodes,
  errors,
  joinFrame,
  ParleyError,
  parseFrame,
  type ErrorCode,
  type FrameObject,
} from "@parley/protocol";
import type { Session } from "../auth/sessions.ts";
import type { Follower } from "../rooms/follower.ts";
import { CommandQueue } from "./command-queue.ts";
import { farBehindBytes } from "./backlogs.ts";
import { FloodGuard } from "./flood-guard.ts";
import { handlers, isCommandName, schemas } from "./handlers.ts";
import { watchRooms } from "./presence-signals.ts";
import { codeOfObjection } from "../limits/schema-objection.ts";
import { asRefusal } from "../unforeseen.ts";
import { refusal } from "./refusal.ts";
import { leaveSignals, rejoinSignals } from "./signal-topics.ts";
import type { Socket, Ws } from "./socket.ts";
import type { SocketSurroundings } from "./surroundings.ts";
import { takeSignal } from "./take-signal.ts";
import type { Turnstile } from "./turnstile.ts";

type CloseCode = (typeof closeCodes)[keyof typeof closeCodes];

/**
 * One parley.v1 socket: decode, check, limit, run in order, answer, close.
 * Nothing here is kept per stream; what a connection follows is known to Bun's
 * topics alone, and where it stands to its client.
 */
export class Connection implements Socket, Follower {
  readonly speaksParley = true;
  readonly surroundings: SocketSurroundings;
  /** The request's headers, until hello: told in welcome to a client that asks, then forgotten. */
  handshake: Headers | undefined;
  session: Session | undefined;
  /** Whether hello was said. */
  isGreeted = false;
  /** It speaks a version of ours that is no more, and is told so in a close. */
  isTooOld = false;
  heardAt: number;
  isAway = false;
  /** Since this second of the heartbeat it has sent so many signals about presence. */
  presenceSince = 0;
  presenceSignals = 0;
  #ws: Ws | undefined;
  #queue: CommandQueue | undefined;
  #flood: FloodGuard | undefined;
  #answers: string[] = [];
  #isTaking = true;
  #holdsSignals = false;
  /** The rooms that it wants to watch, while it is told of none. */
  #watchedLater: readonly unknown[] | undefined;
  #isSessionOver = false;
  #onDrain: (() => void) | undefined;
  /** In which it has a place. */
  #turnstile: Turnstile | undefined;

  constructor(surroundings: SocketSurroundings, handshake: Headers) {
    this.surroundings = surroundings;
    this.handshake = handshake;
    this.heardAt = surroundings.clock.seconds;
  }

  get person(): string {
    return this.session?.me.id ?? "";
  }

  get sessionId(): string {
    return this.session?.publicId ?? "";
  }

  isClosed(): boolean {
    return this.#ws === undefined;
  }

  // --- the socket's life ---

  async opened(ws: Ws, token: string | undefined): Promise<void> {
    this.#ws = ws;
    if (this.isTooOld) {
      this.close(closeCodes.clientTooOld);
      return;
    }
    // What the client sends in the meantime waits: nothing runs before it is
    // known who this is.
    this.#commands().pause();
    const session = await this.surroundings.sessions.find(token);
    if (this.isClosed()) return;
    if (session === undefined) {
      this.close(closeCodes.unauthenticated, "unauthenticated");
      return;
    }
    this.session = session;
    this.#commands().resume();
  }

  /** The client said something. */
  receive(data: string | Buffer): void {
    this.heardAt = this.surroundings.clock.seconds;
    if (this.isClosed()) return;
    if (typeof data !== "string") {
      this.misuse("bad_frame");
      return;
    }
    const frame = parseFrame(data);
    if (frame.status === "refused") {
      this.misuse(frame.code);
      return;
    }
    for (const object of frame.objects) {
      // One of them may have closed it.
      if (this.#ws === undefined) return;
      this.#take(object);
    }
  }

  /** A WebSocket ping or pong came; Bun has answered it. */
  heardControl(): void {
    this.heardAt = this.surroundings.clock.seconds;
    if (this.#guard().control(performance.now()) === "abuse") {
      this.close(closeCodes.tooFast, "rate_limited");
    }
  }

  drained(): void {
    if (this.#holdsSignals && !this.#isFull()) this.releaseSignals();
    this.#onDrain?.();
  }

  holdSignals(): void {
    if (this.#ws === undefined || this.#holdsSignals) return;
    this.#holdsSignals = true;
    this.#watchedLater = leaveSignals(this.#ws);
  }

  releaseSignals(): void {
    if (this.#ws === undefined || !this.#holdsSignals) return;
    this.#holdsSignals = false;
    rejoinSignals(this.#ws);
    const watched = this.#watchedLater ?? [];
    this.#watchedLater = undefined;
    if (watched.length > 0) watchRooms(this, watched);
  }

  /** From here on it wants to know who is here of these rooms, and of no others. */
  watch(rooms: readonly unknown[]): void {
    if (this.#holdsSignals) this.#watchedLater = rooms;
    else watchRooms(this, rooms);
  }

  closed(): void {
    this.#ws = undefined;
    this.#queue?.stop();
    this.#onDrain?.();
    const { people, feeds, presence, clock } = this.surroundings;
    if (this.session !== undefined && people.depart(this)) {
      feeds.close(`inbox:${this.person}`);
    }
    if (!this.isGreeted) return;
    presence.departed(this.person, {
      silentSeconds: clock.seconds - this.heardAt,
      isEnded: this.#isSessionOver,
    });
  }

  // --- what is said to the client ---

  subscribe(topic: string): void {
    this.#ws?.subscribe(topic);
  }

  unsubscribe(topic: string): void {
    this.#ws?.unsubscribe(topic);
  }

  get topics(): readonly string[] {
    return this.#ws?.subscriptions ?? [];
  }

  /** Sends at once, so that it stands before whatever is published next. */
  send(texts: readonly string[]): void {
    this.sendAnswers();
    if (texts.length === 0) return;
    this.surroundings.clock.hasSent = true;
    this.#ws?.send(joinFrame(texts));
  }

  /** Sends with the other answers of this turn. */
  answer(text: string): void {
    if (this.isClosed()) return;
    if (this.#answers.length === 0) this.surroundings.answers.add(this);
    this.#answers.push(text);
  }

  sendAnswers(): void {
    if (this.#answers.length === 0) return;
    const frame = joinFrame(this.#answers);
    this.#answers = [];
    this.surroundings.clock.hasSent = true;
    // Within a cork, what was published to this socket in this turn and its
    // answers go out in one system call.
    this.#ws?.cork((ws) => {
      ws.send(frame);
    });
  }

  refuse(id: number, error: ParleyError): void {
    this.answer(refusal(id, error));
  }

  /** Does something that has many parts when there is a place for it. */
  async inTurn(turnstile: Turnstile, task: () => Promise<void>): Promise<void> {
    await turnstile.enter();
    this.#turnstile = turnstile;
    try {
      await task();
    } finally {
      this.#turnstile = undefined;
      turnstile.leave();
    }
  }

  /** Resolves when the socket has taken most of what it was given, or is closed. */
  async room(): Promise<void> {
    if (!this.#isFull()) return;
    // Whoever reads slowly keeps nobody else waiting.
    this.#turnstile?.leave();
    while (this.#isFull()) {
      await new Promise<void>((resolve) => {
        this.#onDrain = resolve;
      });
      this.#onDrain = undefined;
    }
    await this.#turnstile?.enter();
  }

  #isFull(): boolean {
    return (this.#ws?.getBufferedAmount() ?? 0) >= farBehindBytes;
  }

  get pendingCommands(): number {
    return this.#queue?.size ?? 0;
  }

  close({ code, sentence }: CloseCode, reason: string = sentence): void {
    this.sendAnswers();
    this.#ws?.close(code, reason);
  }

  endSession(): void {
    this.#isSessionOver = true;
    this.close(closeCodes.sessionEnded);
  }

  /** What comes from now on is not taken: the client keeps it and sends it elsewhere. */
  stopTaking(): void {
    this.#isTaking = false;
  }

  /** Ends it without a word: the peer is not listening. */
  terminate(): void {
    this.#ws?.terminate();
  }

  misuse(code: ErrorCode): void {
    this.close(closeCodes.misuse, code);
  }

  // --- commands ---

  #take(object: FrameObject): void {
    const verdict = this.#guard().object(performance.now());
    if (verdict === "abuse") {
      this.close(closeCodes.tooFast, "rate_limited");
    } else if ("id" in object) {
      if (!this.#isTaking) return;
      this.#takeCommand(object, verdict === "fine");
    } else if (typeof object["type"] !== "string") {
      return;
    } else if (isCommandName(object["type"])) {
      this.misuse("missing_field");
    } else if (verdict === "fine") {
      takeSignal(this, object["type"], object);
    }
  }

  #takeCommand(object: FrameObject, isInTime: boolean): void {
    const { id, type } = object;
    if (!Number.isSafeInteger(id) || (id as number) < 1) {
      this.misuse("invalid_number");
      return;
    }
    const number = id as number;
    if (typeof type !== "string") {
      const code = type === undefined ? "missing_field" : "invalid_type";
      this.refuse(number, new ParleyError(code));
      return;
    }
    if (!this.isGreeted && type !== "hello" && this.pendingCommands === 0) {
      this.misuse("not_greeted");
      return;
    }
    if (!isInTime) {
      const retryAfterMs = this.#guard().waitMs;
      this.refuse(number, new ParleyError("rate_limited", { retryAfterMs }));
      return;
    }
    if (!isCommandName(type)) {
      this.refuse(number, new ParleyError("unknown_type"));
      return;
    }
    const { isPipelined } = handlers[type];
    const start = (): Promise<void> => this.#run(type, number, object);
    if (!this.#commands().add({ start, isPipelined })) {
      this.refuse(
        number,
        new ParleyError("rate_limited", { retryAfterMs: 100 }),
      );
    }
  }

  async #run(
    type: keyof typeof handlers,
    id: number,
    object: FrameObject,
  ): Promise<void> {
    try {
      if (!this.isGreeted && type !== "hello") {
        this.misuse("not_greeted");
        return;
      }
      const params = schemas.get(type)?.safeParse(object);
      if (params === undefined) throw new Error(`no schema for ${type}`);
      if (!params.success) {
        throw new ParleyError(codeOfObjection(params.error, object));
      }
      const run = handlers[type].run as (
        connection: Connection,
        params: unknown,
        id: number,
      ) => Promise<object | undefined>;
      const result = await run(this, params.data, id);
      if (result === undefined) return;
      this.answer(JSON.stringify({ type: "ok", id, ...result }));
    } catch (error) {
      const { log } = this.surroundings;
      const told = asRefusal(error, log, ["a command failed"]);
      this.refuse(id, told);
      // Half greeted, it would ask the store for ever: it comes back as
      // somebody who has said nothing yet.
      if (type === "hello" && errors[told.code].retryable) {
        this.close(closeCodes.restarting, told.code);
      }
    }
  }

  #commands(): CommandQueue {
    this.#queue ??= new CommandQueue();
    return this.#queue;
  }

  #guard(): FloodGuard {
    this.#flood ??= new FloodGuard(this.surroundings.config, performance.now());
    return this.#flood;
  }
}
