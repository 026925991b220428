import { MemoryBus } from "../../packages/server/src/bus/memory-bus.ts";
import { composeServer } from "../../packages/server/src/compose-server.ts";
import type { Config } from "../../packages/server/src/config.ts";
import { WebFiles } from "../../packages/server/src/http/web-files.ts";
import { createLog, type Logger } from "../../packages/server/src/log.ts";
import type { RelayedBus } from "../../packages/server/src/testing/relayed-bus.ts";
import type { StoreEvents } from "../../packages/server/src/store/store.ts";
import type { History } from "../history/history.ts";
import type { BusNetwork } from "./bus.ts";
import type { SimDatabase } from "./database.ts";
import { Listener } from "./listener.ts";
import type { Random } from "./random.ts";
import { SimStore, type StoreTrouble } from "./store.ts";
import { Owner, type VirtualTime } from "./virtual-time.ts";

export interface NodeParts {
  name: string;
  time: VirtualTime;
  random: Random;
  history: History;
  config: Config;
  log: Logger;
  database: SimDatabase;
  databaseWall: () => number;
  trouble: StoreTrouble;
  /** The way to the other nodes; undefined for a node alone. */
  buses: BusNetwork | undefined;
  /** How much each byte weighs in a socket's backlog. */
  weight: number;
}

/** From exec to the first handshake. */
const startMs = { least: 50, most: 600 };

const noFiles = new WebFiles("/nowhere/at/all");

export const silence = createLog("silent", { write: () => undefined });

/** A machine on which a server process is started again and again. */
export class SimNode {
  readonly name: string;
  /** What was logged as an error that nobody foresaw. */
  readonly #parts: NodeParts;
  #listener: Listener | undefined;
  #bus: RelayedBus | undefined;
  #wallOffsetMs = 0;

  constructor(parts: NodeParts) {
    this.name = parts.name;
    this.#parts = parts;
  }

  /** Whoever answers at its port just now. */
  get listener(): Listener | undefined {
    return this.#listener;
  }

  get owner(): Owner | undefined {
    return this.#listener?.owner;
  }

  get isUp(): boolean {
    return this.#listener?.isListening === true;
  }

  jumpClock(byMs: number): void {
    this.#wallOffsetMs += byMs;
    if (this.owner) this.owner.wallOffsetMs = this.#wallOffsetMs;
  }

  start(): void {
    const { time, random, history, name, weight } = this.#parts;
    const owner = new Owner(name);
    owner.wallOffsetMs = this.#wallOffsetMs;
    const listener = new Listener(owner, time, weight);
    this.#listener = listener;
    history.record({ t: time.now, k: "server", node: name, is: "started" });
    time.after(
      random.between(startMs.least, startMs.most),
      () => void this.#compose(listener),
      owner,
    );
  }

  /** kill -9: nothing of what it had in memory is left. */
  kill(): void {
    const { time, history, name } = this.#parts;
    const owner = this.owner;
    if (owner === undefined || owner.isDead) return;
    owner.die();
    if (this.#bus) this.#parts.buses?.leave(this.#bus);
    this.#bus = undefined;
    history.record({
      ...{ t: time.now, k: "server", node: name, is: "exited" },
      injected: true,
    });
  }

  async #compose(listener: Listener): Promise<void> {
    const { config, log, database, buses, history, time, name } = this.#parts;
    const { random, databaseWall, trouble } = this.#parts;
    // What the start itself writes is told to nobody (start-server.ts).
    const tell: Pick<StoreEvents, "onCommit" | "onMoved"> = {
      onCommit: () => undefined,
      onMoved: () => undefined,
    };
    const store = new SimStore({
      ...{ time, random, database, databaseWall, trouble },
      isShared: buses !== undefined,
      events: {
        onCommit: (events) => {
          tell.onCommit(events);
        },
        onMoved: (heads) => {
          tell.onMoved(heads);
        },
        onDeliveryFailed: (error) => {
          throw error;
        },
        onBroken: (error) => {
          throw error;
        },
      },
    });
    this.#bus = buses?.node(listener.owner);
    const bus = this.#bus ?? new MemoryBus();
    const ground = { store, bus, node: name, tell };
    const server = await composeServer({ config, log }, noFiles, ground);
    listener.listen(server);
    history.record({ t: time.now, k: "server", node: name, is: "ready" });
  }
}
