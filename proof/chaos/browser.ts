import type {
  Cancel,
  Channel,
  Env,
  Holder,
} from "../../packages/client/src/env.ts";
import type { KeyValueStorage } from "../../packages/client/src/storage.ts";

/** Whoever waits for a name, or has it. */
interface Claim {
  name: string;
  holder: Holder;
}

interface Listening {
  tab: Tab;
  name: string;
  heard: (message: unknown) => void;
}

/** What the tabs of one browser share: storage, locks and channels. */
export class Browser {
  readonly storage: KeyValueStorage;
  readonly #claims: Claim[] = [];
  readonly #listening = new Set<Listening>();

  constructor(storage: KeyValueStorage) {
    this.storage = storage;
  }

  /** The first claim of a name has it, the others wait. */
  hold(name: string, holder: Holder, { steal }: { steal: boolean }): Cancel {
    const claim: Claim = { name, holder };
    const first = this.#firstOf(name);
    if (steal && first !== undefined) {
      this.#claims.splice(this.#claims.indexOf(first), 1, claim);
      first.holder.lost();
      holder.held();
    } else {
      this.#claims.push(claim);
      if (first === undefined) holder.held();
    }
    return () => {
      const at = this.#claims.indexOf(claim);
      if (at < 0) return;
      const hadIt = this.#firstOf(name) === claim;
      this.#claims.splice(at, 1);
      if (hadIt) this.#firstOf(name)?.holder.held();
    };
  }

  channel(tab: Tab, name: string, heard: (message: unknown) => void): Channel {
    const listening: Listening = { tab, name, heard };
    this.#listening.add(listening);
    return {
      tell: (message) => {
        for (const other of this.#listening) {
          if (other.name !== name || other.tab === tab) continue;
          const copy: unknown = structuredClone(message);
          setImmediate(() => {
            if (this.#listening.has(other)) other.heard(copy);
          });
        }
      },
      close: () => this.#listening.delete(listening),
    };
  }

  #firstOf(name: string): Claim | undefined {
    return this.#claims.find((claim) => claim.name === name);
  }
}

/**
 * One tab: the surroundings of one client. When it dies, everything it had
 * asked for dies with it, and no callback of it is ever called again.
 */
export class Tab {
  readonly env: Env;
  #isAlive = true;
  readonly #ends = new Set<Cancel>();
  readonly #wake = new Set<() => void>();
  readonly #unplugged = new Set<() => void>();
  readonly #hidden = new Set<() => void>();

  constructor(browser: Browser, machine: Env) {
    this.env = {
      ...machine,
      setTimer: (ms, call) => machine.setTimer(ms, this.#alive(call)),
      soon: (call) => {
        machine.soon(this.#alive(call));
      },
      openSocket: (url, protocol, listener) => {
        const socket = machine.openSocket(url, protocol, {
          opened: this.#alive((subprotocol: string) => {
            listener.opened(subprotocol);
          }),
          received: this.#alive((text: string) => {
            listener.received(text);
          }),
          closed: this.#alive((code: number) => {
            this.#ends.delete(close);
            listener.closed(code);
          }),
        });
        const close = (): void => {
          socket.close(1000);
        };
        this.#ends.add(close);
        return socket;
      },
      fetch: (request, done) => machine.fetch(request, this.#alive(done)),
      onWake: (listener) => listen(this.#wake, listener),
      onUnplugged: (listener) => listen(this.#unplugged, listener),
      onHidden: (listener) => listen(this.#hidden, listener),
      storage: {
        load: (prefix, done) => {
          browser.storage.load(prefix, this.#alive(done));
        },
        write: (batch, done) => {
          browser.storage.write(batch, this.#alive(done));
        },
      },
      hold: (name, holder, options) => {
        const guarded: Holder = {
          held: this.#alive(() => {
            holder.held();
          }),
          lost: this.#alive(() => {
            holder.lost();
          }),
        };
        return this.#until(browser.hold(name, guarded, options));
      },
      channel: (name, heard) => {
        const channel = browser.channel(this, name, this.#alive(heard));
        const close = this.#until(() => {
          channel.close();
        });
        return { ...channel, close };
      },
    };
  }

  /** The network may be back, or somebody looks at the tab again. */
  wake(): void {
    for (const listener of [...this.#wake]) listener();
  }

  unplug(): void {
    for (const listener of [...this.#unplugged]) listener();
  }

  /** Reloaded or closed by its person: the page hears of it, and is no more. */
  leave(): void {
    for (const listener of [...this.#hidden]) listener();
    this.die();
  }

  /** Ends without a word. */
  die(): void {
    this.#isAlive = false;
    for (const end of [...this.#ends]) end();
  }

  #alive<Arguments extends unknown[]>(
    call: (...given: Arguments) => void,
  ): (...given: Arguments) => void {
    return (...given) => {
      if (this.#isAlive) call(...given);
    };
  }

  #until(end: Cancel): Cancel {
    const ending = (): void => {
      this.#ends.delete(ending);
      end();
    };
    this.#ends.add(ending);
    return ending;
  }
}

function listen(listeners: Set<() => void>, listener: () => void): Cancel {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
