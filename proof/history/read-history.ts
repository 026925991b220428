import { closeSync, openSync, readSync } from "node:fs";
import type { HistoryRecord } from "./record.ts";

/** Read at a time, of each file. */
const chunkBytes = 1 << 20;

const newline = 10;

/**
 * All records of several files by time, without having them in memory. Of one
 * moment, those of a file stay together and the first file comes first. The
 * times of one file may go back a little: each record then counts as of the
 * latest moment before it.
 */
export function* readHistory(
  files: readonly string[],
): Generator<HistoryRecord, void> {
  const readers = files.map((file) => new RecordReader(file));
  try {
    for (;;) {
      let next: RecordReader | undefined;
      for (const reader of readers) {
        if (reader.record === undefined) continue;
        if (next === undefined || reader.t < next.t) next = reader;
      }
      if (next?.record === undefined) return;
      yield next.record;
      next.advance();
    }
  } finally {
    for (const reader of readers) reader[Symbol.dispose]();
  }
}

class RecordReader implements Disposable {
  readonly #path: string;
  readonly #file: number;
  readonly #chunk = Buffer.allocUnsafe(chunkBytes);
  readonly #decoder = new TextDecoder();
  /** The beginning of a line that goes on in the next chunk. */
  #rest: Buffer = Buffer.alloc(0);
  #lines: string[] = [];
  #at = 0;
  #line = 0;
  record: HistoryRecord | undefined;
  t = -Infinity;

  constructor(path: string) {
    this.#path = path;
    this.#file = openSync(path, "r");
    this.advance();
  }

  advance(): void {
    const line = this.#nextLine();
    this.#line += 1;
    this.record = line === undefined ? undefined : this.#parsed(line);
    if (this.record !== undefined) this.t = Math.max(this.t, this.record.t);
  }

  #parsed(line: string): HistoryRecord | undefined {
    try {
      return JSON.parse(line) as HistoryRecord;
    } catch (cause) {
      // Whoever is killed may leave half a line, and nothing after it.
      if (this.#nextLine() === undefined) return undefined;
      const place = `${this.#path}:${this.#line}`;
      throw new Error(`${place} is no record: ${line.slice(0, 80)}`, { cause });
    }
  }

  #nextLine(): string | undefined {
    while (this.#at >= this.#lines.length) {
      if (!this.#readChunk()) return undefined;
    }
    const line = this.#lines[this.#at];
    this.#at += 1;
    return line;
  }

  #readChunk(): boolean {
    const count = readSync(this.#file, this.#chunk, 0, chunkBytes, null);
    const read = this.#chunk.subarray(0, count);
    const end = count === 0 ? -1 : read.lastIndexOf(newline);
    const isAll = count === 0;
    const whole = isAll ? this.#rest : read.subarray(0, Math.max(0, end + 1));
    if (isAll && whole.length === 0) return false;
    const bytes = isAll || end < 0 ? whole : Buffer.concat([this.#rest, whole]);
    if (isAll) this.#rest = Buffer.alloc(0);
    else if (end < 0) this.#rest = Buffer.concat([this.#rest, read]);
    else this.#rest = Buffer.from(read.subarray(end + 1));
    this.#lines = this.#decoder
      .decode(bytes)
      .split("\n")
      .filter((line) => line !== "");
    this.#at = 0;
    return true;
  }

  [Symbol.dispose](): void {
    closeSync(this.#file);
  }
}
