import type { Env, Holder } from "../env.ts";
import { memoryStorage, type Batch, type KeyValueStorage } from "../storage.ts";

/** What the tabs of one browser share, and how it may fail. */
export interface Browser {
  storage: {
    /** As after a reload, or for a look: at once and never failing. */
    contents: KeyValueStorage;
    /** `full`: nothing can be written; `forbidden`: nor read; `hanging`: no answer. */
    state: "fine" | "full" | "forbidden" | "hanging";
    /** Whether anything can be remembered at once (`jot`). */
    jots: boolean;
    /** Every batch that was written. */
    batches: Batch[];
  };
  /** False: as over http://, where a page has no locks. */
  hasLocks: boolean;
  /** What one tab has of it; `run` calls when that tab can run. */
  tab(run: (call: () => void) => void): BrowserTab;
}

export interface BrowserTab extends Pick<Env, "storage" | "hold" | "channel"> {
  /** The tab is closed, or has crashed. */
  close(): void;
}

interface Request {
  tab: object;
  holder: Holder;
  run: (call: () => void) => void;
  isOver: boolean;
}

interface Lock {
  holding: Request | null;
  waiting: Request[];
}

/** `soon` is the machine's: what goes between tabs arrives in another turn. */
export function createBrowser(soon: (call: () => void) => void): Browser {
  const contents = memoryStorage();
  const jottings = new Map<string, unknown>();
  const locks = new Map<string, Lock>();
  const ears = new Set<{ name: string; tab: object; hear: Hear }>();

  function grant(lock: Lock) {
    if (lock.holding !== null) return;
    const next = lock.waiting.shift();
    if (next === undefined) return;
    lock.holding = next;
    next.run(() => {
      if (!next.isOver) next.holder.held();
    });
  }

  function end(lock: Lock, request: Request) {
    request.isOver = true;
    lock.waiting = lock.waiting.filter((other) => other !== request);
    if (lock.holding === request) lock.holding = null;
    grant(lock);
  }

  function rob(lock: Lock) {
    const robbed = lock.holding;
    lock.holding = null;
    robbed?.run(() => {
      if (robbed.isOver) return;
      robbed.isOver = true;
      robbed.holder.lost();
    });
  }

  const browser: Browser = {
    storage: { contents, state: "fine", jots: true, batches: [] },
    hasLocks: true,
    tab(run) {
      const tab = {};
      let isClosed = false;
      const { storage } = browser;
      return {
        storage: {
          load(prefix, done) {
            soon(() => {
              if (isClosed || storage.state === "hanging") return;
              if (storage.state === "forbidden") {
                run(() => done(null));
                return;
              }
              const jotted = [...jottings].filter(([key]) =>
                key.startsWith(prefix),
              );
              contents.load(prefix, (found) =>
                run(() => done(found && new Map([...jotted, ...found]))),
              );
            });
          },
          jot(key, value) {
            if (isClosed || !storage.jots || storage.state !== "fine") return;
            if (value === null) jottings.delete(key);
            else jottings.set(key, structuredClone(value));
          },
          write(batch, done) {
            for (const key of [...jottings.keys()]) {
              const isCleared = batch.clears?.some((it) => key.startsWith(it));
              if (isCleared) jottings.delete(key);
            }
            soon(() => {
              // What a crash comes before is not written.
              if (isClosed || storage.state === "hanging") return;
              if (storage.state !== "fine") {
                run(() => done("failed"));
                return;
              }
              contents.write(batch, (outcome) => {
                if (outcome === "written") storage.batches.push(batch);
                run(() => done(outcome));
              });
            });
          },
        },
        hold(name, holder, { steal }) {
          if (!browser.hasLocks) {
            holder.held();
            return () => undefined;
          }
          const lock = locks.get(name) ?? { holding: null, waiting: [] };
          locks.set(name, lock);
          const request = { tab, holder, run, isOver: false };
          if (steal) rob(lock);
          if (steal) lock.waiting.unshift(request);
          else lock.waiting.push(request);
          grant(lock);
          return () => end(lock, request);
        },
        channel(name, heard) {
          const ear = { name, tab, hear: { heard, run } };
          ears.add(ear);
          return {
            tell(message) {
              const copy: unknown = structuredClone(message);
              for (const other of ears) {
                if (other === ear || other.name !== name) continue;
                soon(() =>
                  other.hear.run(() => {
                    if (ears.has(other)) other.hear.heard(copy);
                  }),
                );
              }
            },
            close: () => void ears.delete(ear),
          };
        },
        close() {
          isClosed = true;
          for (const ear of [...ears]) if (ear.tab === tab) ears.delete(ear);
          for (const lock of locks.values()) {
            const ours = [...lock.waiting, lock.holding].filter(
              (request) => request?.tab === tab,
            );
            for (const request of ours) if (request) end(lock, request);
          }
        },
      };
    },
  };
  return browser;
}

interface Hear {
  heard: (message: unknown) => void;
  run: (call: () => void) => void;
}
