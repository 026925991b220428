import { setTimeout } from "node:timers/promises";
import { composeServer, type Ground } from "./compose-server.ts";
import type { Config } from "./config.ts";
import { WebFiles } from "./http/web-files.ts";
import { newToken } from "./identifiers.ts";
import type { Logger } from "./log.ts";
import { openBus } from "./open-bus.ts";
import { openStore } from "./open-store.ts";
import type { Held } from "./socket/held.ts";
import type { SocketData } from "./socket/socket.ts";
import { socketOptions } from "./socket/socket-options.ts";
import type { Store, StoreEvents } from "./store/store.ts";

export interface RunningServer extends AsyncDisposable {
  port: number;
  /** Where the data is, for people: the data folder, or which PostgreSQL. */
  place: string;
  /** What this node is called among several. */
  node: string;
  /** What the place is called by now. */
  name: () => string;
  /** For the operator at the command line. */
  store: Store;
  /** What it remembers of who is connected. */
  held: () => Held;
}

export interface StartOptions {
  config: Config;
  log: Logger;
  /** Made by the entry file: only there a compiled program finds the Worker. */
  createWorker: () => Worker;
  /** Where the built page is. */
  webFolder: string;
  /** The store can no longer be trusted; the process should end and be restarted. */
  onBroken: (error: Error) => void;
  /** How long a second of the heartbeat lasts; tests have shorter ones. */
  secondMs?: number;
}

/** What was accepted is finished within this time at a stop. */
const finishMsMax = 3_000;

/**
 * Puts a server together on its store, its bus and its port: the only place that
 * chooses implementations. Rejects with a sentence for the operator when
 * something it needs cannot be had.
 */
export async function startServer(
  options: StartOptions,
): Promise<RunningServer> {
  const { config, log, createWorker, onBroken } = options;
  const node = config.node === "" ? `n_${newToken(6)}` : config.node;
  // Nobody has to be told of what the start itself makes.
  const tell: Pick<StoreEvents, "onCommit" | "onMoved"> = {
    onCommit: () => undefined,
    onMoved: () => undefined,
  };
  const { store, place } = await openStore({
    config,
    log,
    createWorker,
    events: {
      onCommit: (events) => {
        tell.onCommit(events);
      },
      onMoved: (heads) => {
        tell.onMoved(heads);
      },
      onDeliveryFailed: (error) => {
        log.error({ err: error }, "a commit could not be delivered");
      },
      onBroken,
    },
  });
  const bus = await openBus(config, { store, node, log }).catch(
    async (error: unknown) => {
      await store[Symbol.asyncDispose]();
      throw error;
    },
  );
  try {
    return await serve(options, { store, place, bus, node, tell });
  } catch (error) {
    await Promise.allSettled([
      store[Symbol.asyncDispose](),
      bus[Symbol.asyncDispose](),
    ]);
    throw error;
  }
}

async function serve(
  options: StartOptions,
  { place, ...ground }: Ground & { place: string },
): Promise<RunningServer> {
  const { config, webFolder, secondMs = 1_000 } = options;
  const { store, bus, node } = ground;
  const composed = await composeServer(
    options,
    new WebFiles(webFolder),
    ground,
  );
  const { sockets } = composed;
  const server = Bun.serve<SocketData>({
    port: config.port,
    hostname: config.host,
    development: false,
    // Without this, `development: false` lets a second Parley listen on the
    // same port, and each gets half of the connections.
    reusePort: false,
    // JSON routes count for themselves; this bounds what Bun will buffer.
    maxRequestBodySize: 1_048_576,
    idleTimeout: 10,
    fetch: (request, self) => composed.fetch(request, self),
    error: (error) => composed.failed(error),
    websocket: {
      ...sockets.handlers,
      ...socketOptions,
    },
  });
  composed.start(server, secondMs);

  let stopping: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    composed.rest();
    void server.stop(false);
    const until = performance.now() + finishMsMax;
    await sockets.close(finishMsMax);
    // Whoever joins in this moment is answered, or would not know whether it
    // took effect.
    while (server.pendingRequests > 0 && performance.now() < until) {
      await setTimeout(10);
    }
    await server.stop(true);
    composed[Symbol.dispose]();
    await store[Symbol.asyncDispose]();
    await bus[Symbol.asyncDispose]();
  };
  return {
    port: server.port ?? config.port,
    place,
    node,
    name: () => composed.place.settings.name,
    store,
    held: () => sockets.held,
    // A stop may be asked for twice: Ctrl-C reaches a whole process group.
    [Symbol.asyncDispose]: () => (stopping ??= stop()),
  };
}
