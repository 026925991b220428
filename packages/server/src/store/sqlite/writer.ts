import { ParleyError } from "@parley/protocol";
import type { WriteRequest } from "../commit-batch.ts";
import type { Founded } from "../found.ts";
import { settle, type Waiting } from "../settle.ts";
import type { StoreEvents } from "../store.ts";
import type { WriteInput, WriteName, WriteResult } from "../writes/writes.ts";
import type { FailureReason, FromWorker, ToWorker } from "./messages.ts";

/** Writes that may wait for a commit; more are refused with `unavailable`. */
const waitingMax = 10_000;

/** Never in doubt about a commit: a Worker that is lost takes the process with it. */
export type WriterEvents = Omit<StoreEvents, "onMoved">;

/** The main thread's side of the writing Worker. */
export class SqliteWriter {
  readonly #worker: Worker;
  readonly #events: WriterEvents;
  readonly #waiting = new Map<number, Waiting>();
  readonly #opened = Promise.withResolvers<Founded>();
  readonly #closed = Promise.withResolvers<undefined>();
  #outgoing: WriteRequest[] = [];
  #lastId = 0;
  #broken: Error | undefined;
  #isClosing = false;

  constructor(worker: Worker, events: WriterEvents) {
    this.#worker = worker;
    this.#events = events;
    worker.addEventListener("message", ({ data }: MessageEvent<FromWorker>) => {
      this.#receive(data);
    });
    worker.addEventListener("error", ({ message }) => {
      this.#break(new Error(`The SQLite writer stopped: ${message}`));
    });
  }

  /** Rejects with a sentence for the operator when the database can't be used. */
  open(file: string, lobbyName: string): Promise<Founded> {
    this.#send({ kind: "open", file, lobbyName });
    return this.#opened.promise;
  }

  /** Resolves when the write is on disk; rejects when nothing of it is. */
  write<Name extends WriteName>(
    name: Name,
    input: WriteInput<Name>,
  ): Promise<WriteResult<Name>> {
    const isFull = this.#waiting.size >= waitingMax;
    if (this.#broken || this.#isClosing || isFull) {
      return Promise.reject(
        new ParleyError("unavailable", { retryAfterMs: 1000 }),
      );
    }
    this.#lastId += 1;
    const id = this.#lastId;
    // One message to the Worker for everything asked in this turn.
    if (this.#outgoing.length === 0) queueMicrotask(this.#sendOutgoing);
    this.#outgoing.push({ id, name, input });
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
    });
  }

  /** Answers what was asked before, checkpoints, and closes the file. */
  async close(): Promise<void> {
    this.#isClosing = true;
    if (!this.#broken) {
      this.#sendOutgoing();
      this.#send({ kind: "close" });
      await this.#closed.promise;
    }
    this.#worker.terminate();
  }

  readonly #sendOutgoing = (): void => {
    if (this.#outgoing.length === 0) return;
    this.#send({ kind: "run", requests: this.#outgoing });
    this.#outgoing = [];
  };

  #send(message: ToWorker): void {
    this.#worker.postMessage(message);
  }

  #receive(message: FromWorker): void {
    switch (message.kind) {
      case "opened":
        this.#opened.resolve(message.founded);
        break;
      case "refused to open":
        this.#opened.reject(new Error(message.message));
        break;
      case "committed":
        try {
          this.#events.onCommit(message.events);
        } catch (error) {
          // They are stored, whatever became of telling others.
          this.#events.onDeliveryFailed(error);
        }
        for (const settled of message.settled) {
          settle(this.#take(settled.id), settled);
        }
        break;
      case "failed":
        this.#refuse(message.ids, message.reason);
        if (message.reason === "broken") {
          this.#break(new Error(message.message));
        }
        break;
      case "closed":
        this.#closed.resolve(undefined);
        break;
    }
  }

  #refuse(ids: readonly number[], reason: FailureReason): void {
    const code = reason === "full" ? "storage_full" : "unavailable";
    for (const id of ids) {
      this.#take(id)?.reject(new ParleyError(code, { retryAfterMs: 2000 }));
    }
  }

  #take(id: number): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    return waiting;
  }

  /** What was waiting has no known outcome: no answer is the honest answer. */
  #break(error: Error): void {
    if (this.#broken) return;
    this.#broken = error;
    this.#opened.reject(error);
    this.#closed.resolve(undefined);
    this.#events.onBroken(error);
  }
}
