import { ParleyError } from "@parley/protocol";
import {
  commitBatch,
  type Committed,
  type WriteRequest,
} from "../../packages/server/src/store/commit-batch.ts";
import { heads } from "../../packages/server/src/store/reads/events.ts";
import {
  settle,
  type Waiting,
} from "../../packages/server/src/store/settle.ts";
import type {
  Reads,
  Store,
  StoreEvents,
} from "../../packages/server/src/store/store.ts";
import type {
  WriteInput,
  WriteName,
  WriteResult,
} from "../../packages/server/src/store/writes/writes.ts";
import type { SimDatabase } from "./database.ts";
import type { Random } from "./random.ts";
import type { VirtualTime } from "./virtual-time.ts";

/** What is wrong with the database just now, for all nodes. */
export interface StoreTrouble {
  kind: "none" | "full" | "away" | "slow";
  /** Share of the commits that the database forgets to answer as it goes away. */
  unanswered: number;
}

interface WaitingWrite extends WriteRequest, Waiting {
  askedAt: number;
}

/** As PostgreSQL's lanes hold a write, and patient reads a question. */
const heldMsMax = 4_000;
const readMsMax = 3_000;
const againMs = 100;

/**
 * One node's way to the database of the run. The statements and the commits are
 * the real ones; only the time they take, and what gets lost in it, is made up.
 * A commit runs in one step, as PostgreSQL and SQLite both keep others out of it.
 */
export class SimStore implements Store {
  readonly epoch: string;
  readonly lobby: string;
  readonly secret: string;
  readonly instance: string;
  readonly isShared: boolean;
  readonly reads: Reads;
  readonly #parts: SimStoreParts;
  #queue: WaitingWrite[] = [];
  /** A commit that ran and was not answered: done again, alone and first. */
  #inDoubt: WaitingWrite[] = [];
  readonly #doubtful = new Set<string>();
  #isBusy = false;
  #lastId = 0;

  constructor(parts: SimStoreParts) {
    this.#parts = parts;
    const { database, isShared } = parts;
    const { epoch, lobby, secret } = database.founded;
    this.epoch = epoch;
    this.lobby = lobby;
    this.secret = secret;
    this.instance = epoch;
    this.isShared = isShared;
    this.reads = isShared ? this.#distant(database.reads) : database.reads;
  }

  now(): number {
    // Nodes that share a database go by its clock (store/postgres/clock.ts).
    const { time, isShared, databaseWall } = this.#parts;
    return isShared ? databaseWall() : time.wall();
  }

  write<Name extends WriteName>(
    name: Name,
    input: WriteInput<Name>,
  ): Promise<WriteResult<Name>> {
    this.#lastId += 1;
    const { now } = this.#parts.time;
    const request = { id: this.#lastId, name, input, askedAt: now };
    return new Promise((resolve, reject) => {
      // What goes to a Worker or over a socket is a copy.
      const copy: unknown = { ...(request.input as object) };
      this.#queue.push({ ...request, input: copy, resolve, reject });
      this.#begin();
    });
  }

  isHealthy(): Promise<boolean> {
    return Promise.resolve(this.#parts.trouble.kind !== "away");
  }

  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve();
  }

  /** What is there when a commit begins, shares it. */
  #begin(): void {
    if (this.#isBusy || this.#queue.length === 0) return;
    this.#isBusy = true;
    const { time, random } = this.#parts;
    time.after(random.between(0.02, 0.2), () => {
      this.#attempt();
    });
  }

  #attempt(): void {
    const { time, random, trouble } = this.#parts;
    this.#refuseOverdue();
    if (this.#queue.length === 0) {
      this.#isBusy = false;
      return;
    }
    if (trouble.kind === "away") {
      time.after(againMs, () => {
        this.#attempt();
      });
      return;
    }
    const isSlow = trouble.kind === "slow";
    const ms = isSlow ? random.between(50, 400) : random.spread(0.2, 3);
    const batch = this.#inDoubt.length > 0 ? this.#inDoubt : [...this.#queue];
    time.after(ms, () => {
      void this.#commit(batch);
    });
  }

  async #commit(batch: readonly WaitingWrite[]): Promise<void> {
    const { time, random, trouble, database } = this.#parts;
    if (trouble.kind === "full") {
      this.#refuse(batch, "storage_full");
      this.#end();
      return;
    }
    // Gone before it ran: nothing happened, and it is tried again.
    if (trouble.kind === "away" && !random.chance(trouble.unanswered)) {
      this.#attempt();
      return;
    }
    const isRepeat = this.#inDoubt.length > 0;
    const requests = batch.map(({ id, name, input }) => ({ id, name, input }));
    const { connection } = database;
    const committed = await commitBatch(connection, requests, this.now());
    if (trouble.kind === "away") {
      // Stored, and nobody is told.
      this.#inDoubt = [...batch];
      for (const { stream } of committed.events) this.#doubtful.add(stream);
      this.#attempt();
      return;
    }
    time.after(random.between(0.02, 0.3), () => {
      void this.#tell(batch, committed, isRepeat);
    });
  }

  async #tell(
    batch: readonly WaitingWrite[],
    { settled, events }: Committed,
    isRepeat: boolean,
  ): Promise<void> {
    const { events: listeners, database } = this.#parts;
    this.#forget(batch);
    if (isRepeat) {
      this.#inDoubt = [];
      const moved = await heads(database.connection, [...this.#doubtful]);
      this.#doubtful.clear();
      listeners.onMoved(moved);
    }
    try {
      listeners.onCommit(events);
    } catch (error) {
      listeners.onDeliveryFailed(error);
    }
    const waiting = new Map(batch.map((write) => [write.id, write]));
    for (const one of settled) settle(waiting.get(one.id), one);
    this.#end();
  }

  #end(): void {
    this.#isBusy = false;
    this.#begin();
  }

  #forget(writes: readonly WaitingWrite[]): void {
    const gone = new Set(writes);
    this.#queue = this.#queue.filter((write) => !gone.has(write));
  }

  #refuseOverdue(): void {
    const since = this.#parts.time.now - heldMsMax;
    const overdue = this.#queue.filter(({ askedAt }) => askedAt < since);
    if (overdue.length > 0) this.#refuse(overdue, "unavailable");
  }

  #refuse(
    writes: readonly WaitingWrite[],
    code: "unavailable" | "storage_full",
  ): void {
    this.#forget(writes);
    const gone = new Set(writes);
    this.#inDoubt = this.#inDoubt.filter((write) => !gone.has(write));
    for (const { reject } of writes) {
      reject(new ParleyError(code, { retryAfterMs: 1_000 }));
    }
  }

  /** The question takes a while to get there, and the answer to come back. */
  #distant(reads: Reads): Reads {
    const all = Object.entries(reads) as [
      keyof Reads,
      (...given: unknown[]) => Promise<unknown>,
    ][];
    const distant = all.map(([name, read]) => [
      name,
      (...given: unknown[]) => this.#ask(() => read(...given)),
    ]);
    return Object.fromEntries(distant) as Reads;
  }

  async #ask(read: () => Promise<unknown>): Promise<unknown> {
    const { random, time, trouble } = this.#parts;
    const until = time.now + readMsMax;
    await this.#pause(random.spread(0.1, 3));
    while (trouble.kind === "away") {
      if (time.now > until) {
        throw new ParleyError("unavailable", { retryAfterMs: 1_000 });
      }
      await this.#pause(againMs);
    }
    const answer = await read();
    await this.#pause(random.spread(0.1, 3));
    return answer;
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.#parts.time.after(ms, resolve);
    });
  }
}

export interface SimStoreParts {
  time: VirtualTime;
  random: Random;
  database: SimDatabase;
  /** Whether other nodes have it too: then it is as far away as PostgreSQL is. */
  isShared: boolean;
  trouble: StoreTrouble;
  /** The clock of the database's own machine. */
  databaseWall: () => number;
  events: StoreEvents;
}
