import type { Channel, Env, Holder } from "../../packages/client/src/env.ts";
import type {
  Batch,
  KeyValueStorage,
  Records,
  WriteOutcome,
} from "../../packages/client/src/storage.ts";
import type { Random } from "./random.ts";
import { Owner, type VirtualTime } from "./virtual-time.ts";

/** What the browser's own process has been asked for, and has not done yet. */
interface Pending {
  tab: Owner;
  isWrite: boolean;
  /** Does it; what it returns is the answer to the tab. */
  work: () => () => void;
}

interface Lock {
  tab: Owner;
  holder: Holder;
}

/**
 * One browser on one device: what its tabs share and what outlives them. Its
 * storage takes time, in order; what a tab that dies had asked for last may be
 * lost, from some write on.
 */
export class SimBrowser {
  /** Its network is unplugged. */
  isOffline = false;
  /** Every write fails, as in a full disk or a private window. */
  isForgetful = false;
  readonly #time: VirtualTime;
  readonly #random: Random;
  readonly #copies: boolean;
  /** The browser's main process, which outlives tabs. */
  readonly #self: Owner;
  #records = new Map<string, unknown>();
  /** What was remembered at once, as localStorage does, where that may be had. */
  readonly #jottings = new Map<string, unknown>();
  readonly #jots: boolean;
  /** In order, whoever asked: a page reads what one before it had written last. */
  readonly #pending: Pending[] = [];
  #isWorking = false;
  readonly #locks = new Map<string, Lock>();
  readonly #waiting: { name: string; lock: Lock }[] = [];
  readonly #channels = new Map<
    string,
    Set<{ tab: Owner; heard: (message: unknown) => void }>
  >();
  readonly #wakers = new Map<() => void, Owner>();
  readonly #unpluggers = new Map<() => void, Owner>();
  readonly #hiders = new Map<() => void, Owner>();

  constructor(
    name: string,
    time: VirtualTime,
    random: Random,
    { copies }: { copies: boolean },
  ) {
    this.#copies = copies;
    this.#time = time;
    this.#random = random;
    this.#self = new Owner(name);
    this.#jots = random.chance(0.7);
  }

  /** The page is looked at again, or the network is back. */
  wake(): void {
    this.#tell(this.#wakers);
  }

  unplug(): void {
    this.#tell(this.#unpluggers);
  }

  hide(): void {
    this.#tell(this.#hiders);
  }

  /** A tab is gone; what it held, others get. */
  tabDied(tab: Owner): void {
    // What it asked for last is lost: all of its writes from one on.
    let isLost = false;
    for (let at = 0; at < this.#pending.length; at += 1) {
      const asked = this.#pending[at];
      if (asked?.tab !== tab) continue;
      isLost ||= this.#random.chance(0.5);
      if (isLost || !asked.isWrite) this.#pending.splice(at--, 1);
    }
    for (const listeners of [this.#wakers, this.#unpluggers, this.#hiders]) {
      for (const [listener, owner] of listeners) {
        if (owner === tab) listeners.delete(listener);
      }
    }
    for (const listening of this.#channels.values()) {
      for (const one of listening) if (one.tab === tab) listening.delete(one);
    }
    for (let at = this.#waiting.length - 1; at >= 0; at -= 1) {
      if (this.#waiting[at]?.lock.tab === tab) this.#waiting.splice(at, 1);
    }
    for (const [name, { tab: holds }] of this.#locks) {
      if (holds === tab) this.#release(name);
    }
  }

  /** What a page in this tab has of its machine, but for clocks and network. */
  partsFor(
    tab: Owner,
  ): Pick<
    Env,
    "storage" | "hold" | "channel" | "onWake" | "onUnplugged" | "onHidden"
  > {
    const listen =
      (listeners: Map<() => void, Owner>) => (listener: () => void) => {
        listeners.set(listener, tab);
        return () => void listeners.delete(listener);
      };
    return {
      storage: this.#storageOf(tab),
      hold: (name, holder, options) =>
        this.#hold(name, { tab, holder }, options),
      channel: (name, heard) => this.#channel(name, tab, heard),
      onWake: listen(this.#wakers),
      onUnplugged: listen(this.#unpluggers),
      onHidden: listen(this.#hiders),
    };
  }

  // --- storage ---

  #storageOf(tab: Owner): KeyValueStorage {
    const ask = (isWrite: boolean, work: Pending["work"]): void => {
      this.#pending.push({ tab, isWrite, work });
      this.#begin();
    };
    return {
      load: (prefix, done) => {
        ask(false, () => {
          const records = this.isForgetful ? null : this.#recordsUnder(prefix);
          return () => {
            done(records);
          };
        });
      },
      write: (batch, done) => {
        for (const prefix of batch.clears ?? []) {
          for (const key of [...this.#jottings.keys()]) {
            if (key.startsWith(prefix)) this.#jottings.delete(key);
          }
        }
        // A browser stores a copy of this moment. The client never changes what
        // it has written, so copying it is left to some of the runs.
        const copy = this.#copies ? structuredClone(batch) : batch;
        ask(true, () => {
          const outcome = this.isForgetful ? "failed" : this.#apply(copy);
          return () => {
            done(outcome);
          };
        });
      },
      jot: (key, value) => {
        if (!this.#jots || this.isForgetful) return;
        if (value === null) this.#jottings.delete(key);
        else this.#jottings.set(key, structuredClone(value));
      },
    };
  }

  #recordsUnder(prefix: string): Records {
    const found = [...this.#jottings, ...this.#records].filter(([key]) =>
      key.startsWith(prefix),
    );
    return new Map(structuredClone(found));
  }

  #begin(): void {
    if (this.#isWorking || this.#pending.length === 0) return;
    this.#isWorking = true;
    this.#time.after(
      this.#random.spread(0.3, 12),
      () => {
        this.#isWorking = false;
        const next = this.#pending.shift();
        if (next === undefined) return;
        this.#time.after(0.05, next.work(), next.tab);
        this.#begin();
      },
      this.#self,
    );
  }

  #apply({ guards, clears = [], deletes = [], puts }: Batch): WriteOutcome {
    for (const [key, value] of guards ?? []) {
      if (this.#records.get(key) !== value) return "refused";
    }
    for (const key of [...this.#records.keys()]) {
      const isCleared = clears.some((prefix) => key.startsWith(prefix));
      if (isCleared) this.#records.delete(key);
    }
    for (const key of deletes) this.#records.delete(key);
    for (const [key, value] of puts ?? []) this.#records.set(key, value);
    return "written";
  }

  // --- locks between tabs ---

  #hold(name: string, lock: Lock, { steal }: { steal: boolean }): () => void {
    const present = this.#locks.get(name);
    if (present === undefined) this.#grant(name, lock);
    else if (steal) {
      this.#soon(present.tab, () => {
        present.holder.lost();
      });
      this.#grant(name, lock);
    } else this.#waiting.push({ name, lock });
    return () => {
      const at = this.#waiting.findIndex((one) => one.lock === lock);
      if (at >= 0) this.#waiting.splice(at, 1);
      else if (this.#locks.get(name) === lock) this.#release(name);
    };
  }

  #grant(name: string, lock: Lock): void {
    this.#locks.set(name, lock);
    this.#soon(lock.tab, () => {
      if (this.#locks.get(name) === lock) lock.holder.held();
    });
  }

  #release(name: string): void {
    this.#locks.delete(name);
    const at = this.#waiting.findIndex((one) => one.name === name);
    const [next] = at < 0 ? [] : this.#waiting.splice(at, 1);
    if (next) this.#grant(name, next.lock);
  }

  // --- words between tabs ---

  #channel(
    name: string,
    tab: Owner,
    heard: (message: unknown) => void,
  ): Channel {
    const listening = this.#channels.get(name) ?? new Set();
    this.#channels.set(name, listening);
    const own = { tab, heard };
    listening.add(own);
    return {
      tell: (message) => {
        if (listening.size < 2) return;
        const copy: unknown = structuredClone(message);
        for (const other of listening) {
          if (other === own) continue;
          this.#soon(other.tab, () => {
            if (listening.has(other)) other.heard(copy);
          });
        }
      },
      close: () => void listening.delete(own),
    };
  }

  /** In order, because every way between tabs takes the same time. */
  #soon(tab: Owner, call: () => void): void {
    this.#time.after(0.2, call, tab);
  }

  #tell(listeners: ReadonlyMap<() => void, Owner>): void {
    for (const [listener, tab] of [...listeners]) {
      this.#time.after(0, listener, tab);
    }
  }
}
