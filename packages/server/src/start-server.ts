import { setTimeout } from "node:timers/promises";
import { Origins } from "./auth/origins.ts";
import { SessionCookie } from "./auth/session-cookie.ts";
import { Sessions } from "./auth/sessions.ts";
import type { Bus } from "./bus/bus.ts";
import { GuestSweep } from "./background/guest-sweep.ts";
import type { CommandContext } from "./commands/context.ts";
import type { Config } from "./config.ts";
import { plainRefusal } from "./http/answers.ts";
import { createApp } from "./http/app.ts";
import { parseUrl } from "./http/parse-url.ts";
import { securityHeaders } from "./http/security-headers.ts";
import { WebFiles } from "./http/web-files.ts";
import { Limiter } from "./limits/limiter.ts";
import { openFilesMax } from "./limits/open-files.ts";
import { newToken } from "./identifiers.ts";
import type { Logger } from "./log.ts";
import { openBus } from "./open-bus.ts";
import { openStore } from "./open-store.ts";
import { Feeds } from "./rooms/feeds.ts";
import { HeadWatch } from "./rooms/head-watch.ts";
import { Hub } from "./rooms/hub.ts";
import { PresentPeople } from "./rooms/present-people.ts";
import { Typing } from "./rooms/typing.ts";
import { addressKey } from "./socket/address-counts.ts";
import { AnswerBatch } from "./socket/answer-batch.ts";
import { speakSimply } from "./socket/speak-simply.ts";
import type { SocketData } from "./socket/socket.ts";
import { socketOptions } from "./socket/socket-options.ts";
import { Sockets } from "./socket/sockets.ts";
import type { CommittedEvent, Store, StoreEvents } from "./store/store.ts";
import { inboxOf } from "./store/stream-keys.ts";

export interface RunningServer extends AsyncDisposable {
  port: number;
  /** Where the data is, for people: the data folder, or which PostgreSQL. */
  place: string;
  /** What this node is called among several. */
  node: string;
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

/** A sweep of what nobody uses any more. */
const sweepMs = 10_000;

/**
 * Puts a server together: the only place that chooses implementations. Rejects
 * with a sentence for the operator when something it needs cannot be had.
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

/** What the rest is put together on. */
interface Ground {
  store: Store;
  place: string;
  bus: Bus;
  node: string;
  /** What the store tells from now on goes where this says. */
  tell: Pick<StoreEvents, "onCommit" | "onMoved">;
}

async function serve(
  { config, log, webFolder, secondMs = 1_000 }: StartOptions,
  { store, place, bus, node, tell }: Ground,
): Promise<RunningServer> {
  const limiter = new Limiter(config);
  const commands: CommandContext = { store, limiter };
  const isSecure = config.url.startsWith("https:");
  const cookie = new SessionCookie({ isSecure, days: config.sessionDays });
  const origins = new Origins(config);

  const people = new PresentPeople(store.reads, store);
  const hub = new Hub(people, (session) => {
    sessions.hearEnd(session);
  });
  const typing = new Typing(bus);
  const feeds = new Feeds(bus, store.reads, {
    deliver: (stream, events) => {
      typing.ended(stream, events);
      hub.deliver(stream, events);
    },
    onError: (error) => {
      log.error({ err: error }, "a gap in a stream could not be read");
    },
  });
  const sessions = new Sessions(store, {
    ...config,
    heardSince: (person) => feeds.peek(inboxOf(person))?.openedAt,
  });
  bus.onSignal((stream, signal) => {
    hub.signal(stream, signal);
  });
  const heads = store.isShared
    ? new HeadWatch({
        ...{ bus, feeds, reads: store.reads },
        onError: (error) => {
          log.warn({ err: error }, "the heads of streams could not be read");
        },
      })
    : undefined;
  tell.onCommit = (events) => {
    for (const [stream, ofStream] of byStream(events)) {
      bus.publish(stream, ofStream);
      heads?.committed(stream, ofStream.at(-1)?.event.seq ?? 0);
    }
  };
  tell.onMoved = (moved) => {
    heads?.moved(moved);
  };

  const connectionsMax =
    config.connectionsMax === "auto"
      ? openFilesMax().forConnections
      : config.connectionsMax;
  const sockets = new Sockets({
    config,
    limiter,
    cookie,
    origins,
    connectionsMax,
  });
  const { clock } = sockets.heartbeat;
  const surroundings = {
    config,
    log,
    commands,
    sessions,
    feeds,
    people,
    typing,
    answers: new AnswerBatch(),
    clock,
    // Alone, it has nobody to be told from.
    node: store.isShared || config.node !== "" ? node : undefined,
  };
  const app = createApp(
    {
      config,
      log,
      commands,
      sessions,
      cookie,
      origins,
      endSockets: (tokenHash) => {
        sockets.endSession(tokenHash);
      },
      health: async () => ({
        store: await store.isHealthy(),
        // Without NATS the database is the way between the nodes.
        bus: config.natsUrl.length === 0 || bus.isHearing,
      }),
    },
    new WebFiles(webFolder),
  );

  const guests = new GuestSweep(store, log);
  const headers = securityHeaders(config);
  if (config.simpleWire !== "off") {
    speakSimply(hub, sockets, store, config.simpleWire);
    await feeds.open(store.lobby);
  }
  await guests.atStart();
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
    fetch: (request, self) => {
      const url = parseUrl(request);
      if (url === undefined) return plainRefusal("invalid_query", headers);
      if (url.pathname === "/ws") return sockets.upgrade(request, url, self);
      const address = addressKey(self.requestIP(request)?.address ?? "");
      return app.fetch(request, { address });
    },
    error: (error) => {
      log.error({ err: error }, "a request failed outside its route");
      return plainRefusal("internal", headers);
    },
    websocket: {
      ...sockets.handlers,
      ...socketOptions,
    },
  });
  heads?.start();
  hub.use(sockets);
  sockets.start(server, surroundings, secondMs);
  const sweeping = setInterval(() => {
    feeds.sweep((stream) => hub.isFollowed(stream));
  }, sweepMs);
  guests.start(sockets);

  let stopping: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    clearInterval(sweeping);
    guests[Symbol.dispose]();
    void server.stop(false);
    const until = performance.now() + finishMsMax;
    await sockets.close(finishMsMax);
    // Whoever joins in this moment is answered, or would not know whether it
    // took effect.
    while (server.pendingRequests > 0 && performance.now() < until) {
      await setTimeout(10);
    }
    await server.stop(true);
    heads?.[Symbol.dispose]();
    feeds[Symbol.dispose]();
    await store[Symbol.asyncDispose]();
    await bus[Symbol.asyncDispose]();
  };
  return {
    port: server.port ?? config.port,
    place,
    node,
    // A stop may be asked for twice: Ctrl-C reaches a whole process group.
    [Symbol.asyncDispose]: () => (stopping ??= stop()),
  };
}

function byStream(
  events: readonly CommittedEvent[],
): Map<string, CommittedEvent[]> {
  const streams = new Map<string, CommittedEvent[]>();
  for (const event of events) {
    const ofStream = streams.get(event.stream);
    if (ofStream) ofStream.push(event);
    else streams.set(event.stream, [event]);
  }
  return streams;
}
