import type { Env, Timer } from "./env.ts";
import { byOrder, isOutboxItem, type OutboxItem } from "./outbox-item.ts";
import type { PersonStorage } from "./person-storage.ts";
import type { Records } from "./storage.ts";

/**
 * Where the outbox outlives the page. It writes behind: the outbox never waits
 * for it, and what could not be written is tried again for as long as the page
 * lives.
 */
export interface OutboxStore {
  /** Keeps an item, or what it has become. */
  keep(item: OutboxItem): void;
  drop(cid: string): void;
  /** Another tab knows what it has become: an older form is not written. */
  learn(item: OutboxItem): void;
  /** Nothing is written before: the numbers of items may still change. */
  begin(): void;
  /** By cid what the storage does not show to another tab; null was dropped. */
  unwritten(): ReadonlyMap<string, OutboxItem | null>;
  close(): void;
}

const prefix = "outbox ";

/** What was kept, in the order of writing; what cannot be read is left out. */
export function outboxItemsIn(records: Records): readonly OutboxItem[] {
  return [...records]
    .filter(([key]) => key.startsWith(prefix))
    .map(([, value]) => value)
    .filter(isOutboxItem)
    .sort(byOrder);
}

/** After a failure; a full disk is hardly emptied sooner. */
const againMs = 5_000;
/** Who does not answer for so long does not keep either. */
const silenceMsMax = 10_000;

export function createOutboxStore(parts: {
  env: Env;
  storage: PersonStorage;
  /** Whether all that should be kept could be, told when it changes. */
  kept: (isKept: boolean) => void;
}): OutboxStore {
  const { env, storage } = parts;
  /** By cid: the item to keep, or null to drop it. */
  let dirty = new Map<string, OutboxItem | null>();
  let writing = new Map<string, OutboxItem | null>();
  let isBegun = false;
  let isBusy = false;
  let again: Timer = null;

  function note(cid: string, item: OutboxItem | null) {
    dirty.set(cid, item);
    // The page may be gone before anything is written (V-5).
    storage.jot(prefix + cid, item);
    schedule();
  }

  /** What one turn has changed belongs together: a retry is two changes. */
  function schedule() {
    if (!isBegun || isBusy || again !== null) return;
    isBusy = true;
    env.soon(write);
  }

  function write() {
    writing = dirty;
    dirty = new Map();
    const deletes: string[] = [];
    const puts = new Map<string, OutboxItem>();
    for (const [cid, item] of writing) {
      if (item === null) deletes.push(prefix + cid);
      else puts.set(prefix + cid, item);
    }
    const silence = env.setTimer(silenceMsMax, () => parts.kept(false));
    storage.write({ deletes, puts }, (outcome) => {
      env.clearTimer(silence);
      isBusy = false;
      const isKept = outcome === "written";
      if (isKept) unjot();
      else putBack();
      writing = new Map();
      parts.kept(isKept);
      if (dirty.size === 0) return;
      if (isKept) schedule();
      else again = env.setTimer(againMs, retry);
    });
  }

  function unjot() {
    for (const [cid, item] of writing) {
      if (item !== null && !dirty.has(cid)) storage.jot(prefix + cid, null);
    }
  }

  function putBack() {
    // What has changed since is newer than what was not written.
    dirty = new Map([...writing, ...dirty]);
  }

  function retry() {
    again = null;
    schedule();
  }

  return {
    keep: (item) => note(item.cid, item),
    drop: (cid) => note(cid, null),
    learn(item) {
      const { cid } = item;
      const ours = dirty.has(cid) ? dirty.get(cid) : writing.get(cid);
      // null: it was dropped here, and stays so.
      if (ours) note(cid, item);
    },
    begin() {
      isBegun = true;
      if (dirty.size > 0) schedule();
    },
    unwritten: () => new Map([...writing, ...dirty]),
    close: () => env.clearTimer(again),
  };
}
