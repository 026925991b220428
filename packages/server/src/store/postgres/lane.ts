import { ParleyError } from "@parley/protocol";
import type { Client, ClientConfig } from "pg";
import { setTimeout as wait } from "node:timers/promises";
import { commitBatch, type Committed } from "../commit-batch.ts";
import type { WritingConnection } from "../connection.ts";
import { heads } from "../reads/events.ts";
import { settle, type Waiting } from "../settle.ts";
import type { StoreEvents } from "../store.ts";
import { touchedStreams } from "../writes/touched-streams.ts";
import type { WriteName } from "../writes/writes.ts";
import { writingConnection } from "./connection.ts";
import { kindOfFailure } from "./failures.ts";
import { connectClient } from "./session.ts";
import { closeClient } from "./client-socket.ts";

/** Writes per commit: more would hold up the answers without saving syncs. */
const batchMax = 500;

/** A write that could not be stored within this time is refused, to be tried again (L-1). */
export const heldMsMax = 4_000;

/** … and one that is being stored then has until now. */
const answeredMsMax = 4_600;

/** What comes behind this moment of a transaction waits for the next one. */
const runMsMax = 250;

/** A commit that takes longer is taken for lost with its connection. */
const commitMsMax = 3_500;

/** Between two attempts to connect, and to do what others were in the way of. */
const againMs = 100;

export interface WaitingWrite extends Waiting {
  id: number;
  name: WriteName;
  input: unknown;
  /** Monotonic time of the asking, in milliseconds. */
  askedAt: number;
}

export interface LaneSurroundings {
  config: ClientConfig;
  now: () => number;
  events: Pick<StoreEvents, "onCommit" | "onMoved" | "onDeliveryFailed">;
  /** The connection was lost or is back; told at each change. */
  onConnection: (isThere: boolean, error?: unknown) => void;
}

/**
 * One connection that writes for a part of the streams. While a commit is in
 * flight, whatever arrives waits and shares the next one (group commit).
 *
 * When the connection is lost, writes wait for the next one. A commit whose
 * answer never came may have succeeded: everything is then asked again, and
 * what was stored is recognised by its cid (D-3), so that nobody sees an error
 * for a message that is there, nor a second copy (P17).
 */
export class Lane {
  readonly #surroundings: LaneSurroundings;
  #queue: WaitingWrite[] = [];
  #client: Client | undefined;
  #connection: WritingConnection | undefined;
  #running: Promise<void> | undefined;
  /** The writes of a commit whose outcome is unknown. */
  #inDoubt: ReadonlySet<WaitingWrite> = new Set();
  /** What may have grown by it, told to nobody. */
  readonly #doubtful = new Set<string>();
  #isConnected = true;
  #isClosing = false;

  constructor(surroundings: LaneSurroundings) {
    this.#surroundings = surroundings;
  }

  add(write: WaitingWrite): void {
    this.#queue.push(write);
    this.#running ??= this.#run();
  }

  /** Resolves when everything that was asked is answered, and closes. */
  async close(): Promise<void> {
    this.#isClosing = true;
    await this.#running;
    await this.#client?.end().catch(() => undefined);
  }

  async #run(): Promise<void> {
    // Whatever else this turn of the loop brings shares the commit.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#queue.length > 0) {
      const connection = await this.#connect();
      if (connection === undefined) continue;
      this.#refuseOverdue();
      if (this.#queue.length === 0) break;
      await this.#commit(connection, this.#nextBatch());
    }
    // In the same turn as the last look at the queue: what is added after it
    // must find nobody running.
    this.#running = undefined;
  }

  /** What is in doubt goes alone: it may be stored, and everything else is not. */
  #nextBatch(): WaitingWrite[] {
    const doubted = this.#queue.filter((write) => this.#inDoubt.has(write));
    if (doubted.length > 0) return doubted;
    this.#inDoubt = new Set();
    const next = this.#queue.slice(0, batchMax);
    const loner = next.findIndex(findsItsStreams);
    return loner < 0 ? next : next.slice(0, Math.max(loner, 1));
  }

  /** The connection, made anew if need be; undefined when that did not go. */
  async #connect(): Promise<WritingConnection | undefined> {
    if (this.#connection !== undefined) return this.#connection;
    const { config } = this.#surroundings;
    const refusing = setInterval(() => {
      this.#refuseOverdue();
    }, againMs);
    try {
      const client = await connectClient({ ...config, pipeline: true });
      client.once("end", () => {
        if (this.#client === client) this.#drop();
      });
      this.#client = client;
      this.#connection = writingConnection(client);
      this.#tell(true);
      return this.#connection;
    } catch (error) {
      this.#tell(false, error);
      // A stop does not wait for a database that may stay away.
      if (this.#isClosing) this.#refuse(this.#queue, "unavailable");
      else await wait(againMs);
      this.#refuseOverdue();
      return undefined;
    } finally {
      clearInterval(refusing);
    }
  }

  async #commit(
    connection: WritingConnection,
    batch: readonly WaitingWrite[],
  ): Promise<void> {
    let growing: ReadonlySet<string> | undefined;
    const watched: WritingConnection = {
      ...connection,
      commit: (written, streams) => {
        growing = streams();
        return connection.commit(written, streams);
      },
    };
    const { client, timer } = this.#watch(batch);
    try {
      const now = this.#surroundings.now();
      const isRepeat = batch.some((write) => this.#inDoubt.has(write));
      const committed = await commitBatch(watched, batch, now, { runMsMax });
      const ids = new Set(committed.settled.map(({ id }) => id));
      this.#forget(batch.filter(({ id }) => ids.has(id)));
      // Before the answers, as of every commit.
      if (isRepeat) await this.#tellDoubtful(connection);
      this.#answer(batch, committed);
    } catch (error) {
      await this.#failed(error, batch, growing, client);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Ends a connection that does not answer, which fails what waits for it. */
  #watch(batch: readonly WaitingWrite[]) {
    const client = this.#client;
    const oldest = Math.min(...batch.map(({ askedAt }) => askedAt));
    const leftMs = oldest + answeredMsMax - performance.now();
    const timer = setTimeout(
      () => {
        if (client) closeClient(client);
      },
      Math.min(commitMsMax, leftMs),
    );
    return { client, timer };
  }

  async #failed(
    error: unknown,
    batch: readonly WaitingWrite[],
    growing: ReadonlySet<string> | undefined,
    client: Client | undefined,
  ): Promise<void> {
    switch (kindOfFailure(error)) {
      case "lost":
        if (growing !== undefined) {
          this.#inDoubt = new Set(batch);
          for (const stream of growing) this.#doubtful.add(stream);
        }
        if (this.#client === client) this.#drop();
        this.#tell(false, error);
        this.#refuseOverdue();
        break;
      case "passing":
        await wait(Math.random() * againMs);
        this.#refuseOverdue();
        break;
      case "full":
        this.#refuse(batch, "storage_full");
        break;
      case "other":
        // Whatever it was, the next batch begins on a connection of its own.
        if (this.#client === client) this.#drop();
        this.#forget(batch);
        for (const { reject } of batch) reject(asError(error));
        break;
    }
  }

  #answer(
    batch: readonly WaitingWrite[],
    { settled, events }: Committed,
  ): void {
    const { onCommit, onDeliveryFailed } = this.#surroundings.events;
    try {
      onCommit(events);
    } catch (error) {
      // They are stored, whatever became of telling others.
      onDeliveryFailed(error);
    }
    const waiting = new Map(batch.map((write) => [write.id, write]));
    for (const one of settled) settle(waiting.get(one.id), one);
  }

  /**
   * Now that it is known what became of the lost commit: whatever it was about
   * has its head. Should the old server process still be at it, the watch over
   * heads finds the rest.
   */
  async #tellDoubtful(connection: WritingConnection): Promise<void> {
    const { onMoved, onDeliveryFailed } = this.#surroundings.events;
    try {
      const moved = await heads(connection, [...this.#doubtful]);
      this.#doubtful.clear();
      onMoved(moved);
    } catch (error) {
      onDeliveryFailed(error);
    }
  }

  #drop(): void {
    if (this.#client) closeClient(this.#client);
    this.#client = undefined;
    this.#connection = undefined;
  }

  #tell(isThere: boolean, error?: unknown): void {
    if (this.#isConnected === isThere) return;
    this.#isConnected = isThere;
    this.#surroundings.onConnection(isThere, error);
  }

  #forget(writes: readonly WaitingWrite[]): void {
    const gone = new Set(writes);
    this.#queue = this.#queue.filter((write) => !gone.has(write));
  }

  #refuseOverdue(): void {
    const since = performance.now() - heldMsMax;
    const overdue = this.#queue.filter(({ askedAt }) => askedAt < since);
    this.#refuse(overdue, "unavailable");
  }

  #refuse(
    writes: readonly WaitingWrite[],
    code: "unavailable" | "storage_full",
  ): void {
    this.#forget(writes);
    for (const { reject } of writes) {
      reject(new ParleyError(code, { retryAfterMs: 1_000 }));
    }
  }
}

/** It holds streams while it runs, which must not be behind others in the order. */
function findsItsStreams({ name, input }: WaitingWrite): boolean {
  return touchedStreams(name, input).length === 0;
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
