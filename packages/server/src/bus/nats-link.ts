import {
  connect,
  PermissionViolationError,
  type NatsConnection,
  type ServerInfo,
} from "@nats-io/transport-node";
import { setTimeout as pause } from "node:timers/promises";
import { knock } from "./knock.ts";
import type { NatsAddress } from "./nats-addresses.ts";
import { NatsTrouble, natsTrouble } from "./nats-trouble.ts";

/** A server that does not greet or let us in within this time is not there. */
const knockMsMax = 1_500;
const connectMsMax = 5_000;

/** A server that is there answers at once; one that is not costs nothing. */
const retryMs = 200;
/** What is cut off right after it was let in is no better for haste. */
const retryInVainMs = 750;
const shortLifeMs = 2_000;

/** What was told last is on its way within this time, or is lost. */
const lastWordsMsMax = 500;

export interface LinkEvents {
  /** Connected: nothing is subscribed yet. */
  onUp: (connection: NatsConnection) => void;
  /** The connection that was up is gone. */
  onDown: (why: string) => void;
  /** No server lets us in. */
  onTrouble: (trouble: NatsTrouble) => void;
  /** The server forbids this connection something. */
  onForbidden: (error: PermissionViolationError) => void;
}

/**
 * A lasting connection to one of several NATS servers. It is a new one each
 * time instead of the client's own reconnecting, which keeps what is told
 * meanwhile, waits for ever to close a socket whose buffer a frozen server
 * leaves full, and does not say why it fails. What is told into a dead
 * connection is lost, as the bus may lose anything.
 */
export class NatsLink implements AsyncDisposable {
  readonly #addresses: NatsAddress[];
  readonly #name: string;
  readonly #events: LinkEvents;
  readonly #end = new AbortController();
  readonly #waiting = new Set<() => void>();
  #connection: NatsConnection | undefined;
  #whyEnded = "it closed the connection";

  constructor(
    addresses: readonly NatsAddress[],
    name: string,
    events: LinkEvents,
  ) {
    // Nodes spread over the servers.
    this.#addresses = addresses.toSorted(() => Math.random() - 0.5);
    this.#name = name;
    this.#events = events;
  }

  /** Keeps connecting from here on. */
  start(): void {
    void this.#run();
  }

  /** Resolves when the server has done what it was told so far, or is gone. */
  flush(): Promise<void> {
    return new Promise((resolve) => {
      const connection = this.#connection;
      if (connection === undefined) {
        resolve();
        return;
      }
      const done = (): void => {
        this.#waiting.delete(done);
        resolve();
      };
      // The client forgets what it owes when a connection ends.
      this.#waiting.add(done);
      connection.flush().then(done, done);
    });
  }

  /** Gives the connection up for a new one. */
  renew(why: string): void {
    this.#whyEnded = why;
    // Never through a drain: its server may be frozen.
    void this.#connection?.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#end.abort();
    const connection = this.#connection;
    if (connection === undefined) return;
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, lastWordsMsMax);
    await Promise.race([this.flush(), late]);
    clearTimeout(timer);
    await connection.close();
  }

  #isOver(): boolean {
    return this.#end.signal.aborted;
  }

  async #run(): Promise<void> {
    const { signal } = this.#end;
    while (!this.#isOver()) {
      const connection = await this.#open();
      const since = performance.now();
      if (this.#isOver()) {
        await connection?.close();
        return;
      }
      if (connection !== undefined) await this.#use(connection);
      const isInVain =
        connection !== undefined && performance.now() - since < shortLifeMs;
      const ms = isInVain ? retryInVainMs : retryMs;
      await pause(ms + Math.random() * ms, undefined, { signal }).catch(
        () => undefined,
      );
    }
  }

  /** Tries each server once, beginning with the one that worked last. */
  async #open(): Promise<NatsConnection | undefined> {
    const { signal } = this.#end;
    const troubles: NatsTrouble[] = [];
    for (const address of [...this.#addresses]) {
      let info: ServerInfo | undefined;
      try {
        info = await knock(address, { msMax: knockMsMax, signal });
        return await connect({
          ...address.options,
          name: this.#name,
          noEcho: true,
          reconnect: false,
          timeout: connectMsMax,
          pingInterval: 1_000,
          maxPingOut: 2,
          // Only the servers that the operator named are shown a password.
          ignoreClusterUpdates: true,
          noAsyncTraces: true,
        });
      } catch (error) {
        troubles.push(natsTrouble(address, error, info));
      }
      if (this.#isOver()) return undefined;
      this.#addresses.push(...this.#addresses.splice(0, 1));
    }
    this.#events.onTrouble(summary(troubles));
    return undefined;
  }

  async #use(connection: NatsConnection): Promise<void> {
    this.#connection = connection;
    this.#whyEnded = "it closed the connection";
    void this.#watch(connection);
    try {
      this.#events.onUp(connection);
    } catch (error) {
      // It may have closed in this very moment, or want less than we say.
      this.renew(error instanceof Error ? error.message : String(error));
    }
    await connection.closed();
    this.#connection = undefined;
    for (const done of this.#waiting) done();
    if (!this.#isOver()) this.#events.onDown(this.#whyEnded);
  }

  async #watch(connection: NatsConnection): Promise<void> {
    for await (const status of connection.status()) {
      // The client would now wait until the socket has taken what it holds.
      if (status.type === "staleConnection") this.renew("it does not answer");
      if (status.type !== "error") continue;
      const { error } = status;
      if (error instanceof PermissionViolationError) {
        this.#events.onForbidden(error);
      } else this.#whyEnded = `it said: ${error.message}`;
    }
  }
}

/** What to tell of several servers: a mistake first, because it can be mended. */
function summary(troubles: readonly NatsTrouble[]): NatsTrouble {
  const mistake = troubles.find(({ isMistake }) => isMistake);
  if (mistake !== undefined) return mistake;
  const sentences = new Set(troubles.map(({ message }) => message));
  return new NatsTrouble([...sentences].toSorted().join("; "), false);
}
