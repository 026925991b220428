import type {
  Batch,
  KeyValueStorage,
  Records,
  WriteOutcome,
} from "./storage.ts";

/** What belongs to one person on this device; nobody else's records are seen. */
export interface PersonStorage {
  load(done: (records: Records | null) => void): void;
  /** Refused once this person was wiped, in this tab or in another. */
  write(batch: Batch, done: (outcome: WriteOutcome) => void): void;
  /** Remembers a record at once where that can be had; null forgets it. */
  jot(key: string, value: unknown): void;
  /** Removes everything; what is written later by any tab is refused. */
  wipe(): void;
}

/**
 * Without this record nothing is written. A tab that stood still while its
 * person was wiped would otherwise bring back what it still remembers.
 */
const lifeKey = "life";
const alive = 1;

export function createPersonStorage(
  storage: KeyValueStorage,
  who: { url: string; person: string },
): PersonStorage {
  const prefix = prefixOf(who);
  const inside = (key: string) => prefix + key;
  let isBegun = false;
  let isWiped = false;

  /** Before the first batch, so that this finds what it is guarded by. */
  function begin() {
    isBegun = true;
    const puts = new Map([[inside(lifeKey), alive]]);
    storage.write({ puts }, (outcome) => {
      if (outcome === "failed") isBegun = false;
    });
  }

  return {
    load(done) {
      storage.load(prefix, (records) =>
        done(records && without(prefix, records)),
      );
    },
    jot(key, value) {
      if (!isWiped) storage.jot?.(inside(key), value);
    },
    write({ guards, clears = [], deletes = [], puts }, done) {
      if (isWiped) {
        done("refused");
        return;
      }
      if (!isBegun) begin();
      const guarded = new Map(guards).set(lifeKey, alive);
      storage.write(
        {
          guards: mapKeys(guarded, inside),
          clears: clears.map(inside),
          deletes: deletes.map(inside),
          puts: mapKeys(puts ?? new Map<string, unknown>(), inside),
        },
        done,
      );
    },
    wipe() {
      isWiped = true;
      wipePerson(storage, who);
    },
  };
}

/** Removes all that this device keeps of a person. */
export function wipePerson(
  storage: KeyValueStorage,
  who: { url: string; person: string },
): void {
  storage.write({ clears: [prefixOf(who)] }, () => undefined);
}

/** The name of what the tabs of one person share: records, lock, channel. */
export function prefixOf({ url, person }: { url: string; person: string }) {
  return `${new URL(url).origin} ${person} `;
}

function without(prefix: string, records: Records): Records {
  return mapKeys(records, (key) => key.slice(prefix.length));
}

function mapKeys<Value>(
  map: ReadonlyMap<string, Value>,
  change: (key: string) => string,
): Map<string, Value> {
  return new Map([...map].map(([key, value]) => [change(key), value]));
}
