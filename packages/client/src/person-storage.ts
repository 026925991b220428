import type { Env } from "./env.ts";
import { rememberLife } from "./lives.ts";
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
  /** Which sign-in this is; null before it is known, or where nothing can be kept. */
  life: () => string | null;
  /** Removes everything; what is written later by any tab is refused. */
  wipe(): void;
}

/**
 * Each sign-in on this device is a life of its own, which the first tab begins
 * and the others take part in. Its name is in every key and guards every write:
 * a tab that stood still while its person was wiped can neither bring back what
 * it still remembers nor reach what they keep since they came back.
 */
const lifeKey = "life";
/** What is jotted before the life is known. */
const earlyPrefix = "early ";

/** Tabs that all begin at once; the next write tries again. */
const attemptsMax = 3;

/** The only life there was before they had names; its keys have none. */
const namelessLife = 1;
/** What of it is worth taking along: nobody but this device has it. */
const outboxPrefix = "outbox ";

export function createPersonStorage(
  storage: KeyValueStorage,
  who: { url: string; person: string },
  env: Pick<Env, "randomBytes">,
): PersonStorage {
  const prefix = prefixOf(who);
  let life: string | null = null;
  let isWiped = false;
  /** Jotted before the life was known, and still so. */
  const early = new Map<string, unknown>();

  const inside = (key: string) => `${prefix}${life ?? ""} ${key}`;

  function load(
    done: (records: Records | null) => void,
    attempts = attemptsMax,
  ) {
    storage.load(prefix, (all) => {
      if (all === null || isWiped) {
        done(null);
        return;
      }
      const found = all.get(prefix + lifeKey);
      if (typeof found === "string") {
        // Another sign-in than ours: nothing there is for this tab.
        if (life !== null && life !== found) done(null);
        else done(joined(found, all));
      } else if (life !== null || attempts === 0) done(null);
      else begin(all, done, attempts - 1);
    });
  }

  /** The first tab of this sign-in. */
  function begin(
    all: Records,
    done: (records: Records | null) => void,
    attempts: number,
  ) {
    const name = newName(env);
    const before = all.get(prefix + lifeKey);
    const unsent = before === namelessLife ? under(outboxPrefix, all) : [];
    const kept = unsent.map(([key, value]): [string, unknown] => [
      outboxPrefix + key,
      value,
    ]);
    // What a tab of an earlier sign-in has left behind.
    const left = [...all.keys()].filter(
      (key) => !key.startsWith(prefix + earlyPrefix),
    );
    for (const key of left) storage.jot?.(key, null);
    storage.write(
      {
        guards: new Map([[prefix + lifeKey, before as number | undefined]]),
        deletes: left,
        puts: new Map([
          [prefix + lifeKey, name],
          ...kept.map(([key, value]): [string, unknown] => [
            `${prefix}${name} ${key}`,
            value,
          ]),
        ]),
      },
      (outcome) => {
        // Another tab was faster.
        if (outcome === "refused") load(done, attempts);
        else {
          const others = under(earlyPrefix, all);
          const found =
            outcome === "failed" ? others : joined(name, new Map(all));
          done(new Map([...found, ...kept]));
        }
      },
    );
  }

  /** This tab takes part in this life: its records, and what was jotted before. */
  function joined(name: string, all: Records): Records {
    life = name;
    rememberLife(storage, prefix, name);
    const jotted = new Map([...under(earlyPrefix, all), ...early]);
    for (const [key, value] of jotted) {
      storage.jot?.(prefix + earlyPrefix + key, null);
      if (value !== null) storage.jot?.(inside(key), value);
    }
    early.clear();
    return new Map([...jotted, ...under(`${name} `, all)]);
  }

  /** The person's records whose keys begin so, without that. */
  function under(part: string, records: Records): [string, unknown][] {
    return [...records]
      .filter(([key]) => key.startsWith(prefix + part))
      .map(([key, value]) => [key.slice(prefix.length + part.length), value]);
  }

  function writeNow(
    { guards, clears = [], deletes = [], puts }: Batch,
    done: (outcome: WriteOutcome) => void,
  ) {
    const inLife = [...(guards ?? [])].map(
      ([key, value]): [string, string | number | undefined] => [
        inside(key),
        value,
      ],
    );
    storage.write(
      {
        guards: new Map([[prefix + lifeKey, life ?? undefined], ...inLife]),
        clears: clears.map(inside),
        deletes: deletes.map(inside),
        puts: new Map(
          [...(puts ?? [])].map(([key, value]) => [inside(key), value]),
        ),
      },
      done,
    );
  }

  return {
    load,
    life: () => life,
    jot(key, value) {
      if (isWiped) return;
      if (life !== null) {
        storage.jot?.(inside(key), value);
        return;
      }
      early.set(key, value);
      storage.jot?.(prefix + earlyPrefix + key, value);
    },
    write(batch, done) {
      if (isWiped) done("refused");
      else if (life !== null) writeNow(batch, done);
      // It could not be read or begun before; it may be possible by now.
      else
        load(() => {
          if (life === null) done("failed");
          else writeNow(batch, done);
        });
    },
    wipe() {
      isWiped = true;
      wipeLife(storage, prefix, life);
    },
  };
}

/**
 * Removes what this device keeps of a sign-in; of one whose name is not known,
 * everything. A later sign-in of the same person stays.
 */
export function wipeLife(
  storage: KeyValueStorage,
  prefix: string,
  life: string | null,
): void {
  const ignore = () => undefined;
  if (life === null) {
    storage.write({ clears: [prefix] }, ignore);
    return;
  }
  const clears = [`${prefix}${life} `, prefix + earlyPrefix];
  storage.write({ clears }, ignore);
  const guards = new Map([[prefix + lifeKey, life]]);
  storage.write({ guards, deletes: [prefix + lifeKey] }, ignore);
}

/** The name of what the tabs of one person share: records, lock, channel. */
export function prefixOf({ url, person }: { url: string; person: string }) {
  return `${new URL(url).origin} ${person} `;
}

function newName(env: Pick<Env, "randomBytes">): string {
  return Array.from(env.randomBytes(8), (byte) =>
    byte.toString(16).padStart(2, "0"),
  ).join("");
}
