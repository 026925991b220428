/**
 * What outlives the page: records by key, the same for all tabs of a browser.
 * It may be slow, full, forbidden or broken, so nothing may depend on it but
 * remembering.
 */
export interface KeyValueStorage {
  /**
   * All records whose key begins so; null when they cannot be read. Calls
   * `done` once, unless the storage hangs.
   */
  load: (prefix: string, done: (records: Records | null) => void) => void;
  /** Does all of it or nothing. Batches take effect in the order of calls. */
  write: (batch: Batch, done: (outcome: WriteOutcome) => void) => void;
  /**
   * Remembers a record before it returns, or forgets it (null), where that can
   * be had: a page may be ended in the moment after Enter, and `write` takes
   * longer. `load` gives it as long as nothing is written under its key.
   */
  jot?: (key: string, value: unknown) => void;
}

export type Records = ReadonlyMap<string, unknown>;

/** Deletions come before what is put. */
export interface Batch {
  /** Unless these records are exactly so, or not there, nothing is written. */
  guards?: ReadonlyMap<string, string | number | undefined>;
  /** Everything whose key begins with one of these goes. */
  clears?: readonly string[];
  deletes?: readonly string[];
  /** Plain values, as in JSON. */
  puts?: Records;
}

/** `refused`: a guard did not hold; `failed`: full, forbidden or broken. */
export type WriteOutcome = "written" | "refused" | "failed";

/**
 * Keeps records as long as the object lives. Handed to a second client, it
 * plays a reload or another tab.
 */
export function memoryStorage(): KeyValueStorage {
  const records = new Map<string, unknown>();
  return {
    load(prefix, done) {
      const found = [...records].filter(([key]) => key.startsWith(prefix));
      done(new Map(structuredClone(found)));
    },
    write({ guards, clears = [], deletes = [], puts }, done) {
      for (const [key, value] of guards ?? []) {
        if (records.get(key) === value) continue;
        done("refused");
        return;
      }
      for (const prefix of clears) {
        for (const key of [...records.keys()]) {
          if (key.startsWith(prefix)) records.delete(key);
        }
      }
      for (const key of deletes) records.delete(key);
      for (const [key, value] of structuredClone([...(puts ?? [])])) {
        records.set(key, value);
      }
      done("written");
    },
  };
}
