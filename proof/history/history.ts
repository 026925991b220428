import { closeSync, openSync, writeSync } from "node:fs";
import type { HistoryRecord } from "./record.ts";

/** Where records go, in the order in which they happened to this process. */
export interface History {
  record(record: HistoryRecord): void;
}

/** In memory: for the simulation and for short runs. */
export class MemoryHistory implements History {
  readonly records: HistoryRecord[] = [];

  record(record: HistoryRecord): void {
    this.records.push(record);
  }
}

/** So much is gathered before it is written, unless it must not wait. */
const bufferChars = 65_536;

/**
 * One file per process, a line per record. An acknowledgement is in the file
 * before the client acts on it: a client that is killed cannot have acted on
 * one that nobody knows of. Nor can it have sent what nobody knows of: `sent` of a
 * first attempt may stand before `wrote`.
 */
export class FileHistory implements History, Disposable {
  readonly #file: number;
  #lines = "";

  constructor(path: string) {
    this.#file = openSync(path, "a");
  }

  record(record: HistoryRecord): void {
    this.#lines += `${JSON.stringify(record)}\n`;
    const mustNotWait =
      record.k === "ok" || record.k === "wrote" || record.k === "sent";
    if (mustNotWait || this.#lines.length > bufferChars) this.flush();
  }

  flush(): void {
    if (this.#lines === "") return;
    writeSync(this.#file, this.#lines);
    this.#lines = "";
  }

  [Symbol.dispose](): void {
    this.flush();
    closeSync(this.#file);
  }
}
