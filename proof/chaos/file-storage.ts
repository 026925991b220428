import {
  closeSync,
  existsSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import type {
  Batch,
  KeyValueStorage,
  Records,
  WriteOutcome,
} from "../../packages/client/src/storage.ts";

/** A line of the journal; what a batch did, all of it or nothing. */
interface Line {
  clears?: readonly string[];
  deletes?: readonly string[];
  puts?: [key: string, value: unknown][];
}

/** A journal longer than this is written anew, with what is still there. */
const journalCharsMax = 4_000_000;

/**
 * A browser's storage as one file, a line per batch: what was written outlives
 * kill -9 of its process. It answers later, as IndexedDB does.
 */
export class FileStorage implements KeyValueStorage, Disposable {
  readonly #path: string;
  readonly #records = new Map<string, unknown>();
  #file: number;
  #journalChars = 0;

  constructor(path: string) {
    this.#path = path;
    const journal = existsSync(path) ? readFileSync(path, "utf8") : "";
    // The last line may be half written: that batch never was.
    for (const line of journal.split("\n").slice(0, -1)) {
      this.#apply(JSON.parse(line) as Line);
    }
    this.#file = this.#rewrite();
  }

  load(prefix: string, done: (records: Records | null) => void): void {
    setImmediate(() => {
      const found = [...this.#records].filter(([key]) =>
        key.startsWith(prefix),
      );
      done(new Map(structuredClone(found)));
    });
  }

  write(batch: Batch, done: (outcome: WriteOutcome) => void): void {
    const { guards, clears, deletes, puts } = batch;
    for (const [key, value] of guards ?? []) {
      if (this.#records.get(key) === value) continue;
      setImmediate(done, "refused");
      return;
    }
    const line: Line = {
      ...(clears === undefined ? {} : { clears }),
      ...(deletes === undefined ? {} : { deletes }),
      ...(puts === undefined ? {} : { puts: structuredClone([...puts]) }),
    };
    const text = `${JSON.stringify(line)}\n`;
    writeSync(this.#file, text);
    this.#apply(line);
    this.#journalChars += text.length;
    if (this.#journalChars > journalCharsMax) {
      closeSync(this.#file);
      this.#file = this.#rewrite();
    }
    setImmediate(done, "written");
  }

  [Symbol.dispose](): void {
    closeSync(this.#file);
  }

  #apply({ clears = [], deletes = [], puts = [] }: Line): void {
    if (clears.length > 0) {
      for (const key of [...this.#records.keys()]) {
        const isCleared = clears.some((prefix) => key.startsWith(prefix));
        if (isCleared) this.#records.delete(key);
      }
    }
    for (const key of deletes) this.#records.delete(key);
    for (const [key, value] of puts) this.#records.set(key, value);
  }

  /** Beside the old one first: whenever it is killed, one of them is whole. */
  #rewrite(): number {
    const whole: Line = { puts: [...this.#records] };
    const text = `${JSON.stringify(whole)}\n`;
    writeFileSync(`${this.#path}.new`, text);
    renameSync(`${this.#path}.new`, this.#path);
    this.#journalChars = 0;
    return openSync(this.#path, "a");
  }
}
