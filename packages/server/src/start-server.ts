import { limits } from "@parley/protocol";
import type { Server } from "bun";
import { Origins } from "./auth/origins.ts";
import { SessionCookie } from "./auth/session-cookie.ts";
import { Sessions } from "./auth/sessions.ts";
import { MemoryBus } from "./bus/memory-bus.ts";
import type { CommandContext } from "./commands/context.ts";
import type { Config } from "./config.ts";
import { openDataFolder } from "./data-folder.ts";
import { plainRefusal } from "./http/answers.ts";
import { createApp } from "./http/app.ts";
import { securityHeaders } from "./http/security-headers.ts";
import { WebFiles } from "./http/web-files.ts";
import { Limiter } from "./limits/limiter.ts";
import { openFilesMax } from "./limits/open-files.ts";
import type { Logger } from "./log.ts";
import { Feeds } from "./rooms/feeds.ts";
import { Hub } from "./rooms/hub.ts";
import { PresentPeople } from "./rooms/present-people.ts";
import { simpleWireTopic } from "./rooms/topics.ts";
import { Typing } from "./rooms/typing.ts";
import { addressKey } from "./socket/address-counts.ts";
import { AnswerBatch } from "./socket/answer-batch.ts";
import { toSimpleMessage } from "./socket/simple-wire.ts";
import type { SocketData } from "./socket/socket.ts";
import { Sockets } from "./socket/sockets.ts";
import { openSqliteStore } from "./store/sqlite/sqlite-store.ts";
import type { CommittedEvent, Store } from "./store/store.ts";

export interface RunningServer extends AsyncDisposable {
  port: number;
  /** The data folder's absolute path. */
  folder: string;
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
const guestSweepMs = 60_000;

/**
 * Puts a server together: the only place that chooses implementations. Rejects
 * with a sentence for the operator when something it needs cannot be had.
 */
export async function startServer({
  config,
  log,
  createWorker,
  webFolder,
  onBroken,
  secondMs = 1_000,
}: StartOptions): Promise<RunningServer> {
  const folder = openDataFolder(config.data);
  const bus = new MemoryBus();
  const store = await openSqliteStore({
    folder,
    lobbyName: config.lobby,
    worker: createWorker(),
    onCommit: (events) => {
      for (const [stream, ofStream] of byStream(events)) {
        bus.publish(stream, ofStream);
      }
    },
    onDeliveryFailed: (error) => {
      log.error({ err: error }, "a commit could not be delivered");
    },
    onBroken,
  });
  const limiter = new Limiter(config);
  const commands: CommandContext = { store, limiter };
  const sessions = new Sessions(store, config);
  const isSecure = config.url.startsWith("https:");
  const cookie = new SessionCookie({ isSecure, days: config.sessionDays });
  const origins = new Origins(config);

  const people = new PresentPeople(store.reads);
  const hub = new Hub(people);
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
  bus.onSignal((stream, signal) => {
    hub.signal(stream, signal);
  });

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
      isReady: () => store.isHealthy(),
    },
    new WebFiles(webFolder),
  );

  const headers = securityHeaders(config);
  let server: Server<SocketData>;
  try {
    if (config.simpleWire !== "off") {
      speakSimply(hub, sockets, store, config.simpleWire);
      await feeds.open(store.lobby);
    }
    // Before anybody can come: whoever comes back now is somebody new.
    await sweepGuests(store, { simpleWire: true }).catch((error: unknown) => {
      log.warn({ err: error }, "guests could not be swept");
    });
    server = Bun.serve<SocketData>({
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
        maxPayloadLength: limits.frameBytes,
        // Bun's default drops what a slow reader does not take, without a word.
        backpressureLimit: 1_048_576,
        closeOnBackpressureLimit: true,
        // Compression would run once per socket and break encode-once.
        perMessageDeflate: false,
        sendPings: false,
        idleTimeout: 60,
        publishToSelf: false,
      },
    });
  } catch (error) {
    await store[Symbol.asyncDispose]();
    throw error;
  }
  hub.use(sockets);
  sockets.start(server, surroundings, secondMs);
  const sweeping = setInterval(() => {
    feeds.sweep((stream) => hub.isFollowed(stream));
  }, sweepMs);
  const sweepingGuests = setInterval(() => {
    sweepGuests(store, { simpleWire: false }).catch((error: unknown) => {
      log.warn({ err: error }, "guests could not be swept");
    });
  }, guestSweepMs);

  let stopping: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    clearInterval(sweeping);
    clearInterval(sweepingGuests);
    void server.stop(false);
    await sockets.close(finishMsMax);
    await server.stop(true);
    await store[Symbol.asyncDispose]();
  };
  return {
    port: server.port ?? config.port,
    folder,
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

/** The lobby goes out in the tutorial's words too, when somebody listens. */
function speakSimply(
  hub: Hub,
  sockets: Sockets,
  store: Store,
  form: "html" | "text",
): void {
  hub.listen(store.lobby, (events) => {
    if (sockets.subscriberCount(simpleWireTopic) === 0) return;
    for (const { committed } of events) {
      const frame = toSimpleMessage(committed, form);
      if (frame !== undefined) sockets.publish(simpleWireTopic, frame);
    }
  });
}

/** In small transactions, until nobody is left who cannot come back. */
async function sweepGuests(
  store: Store,
  options: { simpleWire: boolean },
): Promise<void> {
  for (;;) {
    const { isDone } = await store.write("sweepGuests", options);
    if (isDone) return;
  }
}

/**
 * The one place that reads a request's address. A Host that is none has no URL;
 * two of them, which Bun joins by a comma, are somebody's trick (T50).
 */
function parseUrl(request: Request): URL | undefined {
  if (request.headers.get("host")?.includes(",") === true) return undefined;
  return URL.parse(request.url) ?? undefined;
}
