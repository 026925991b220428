import { Accounts } from "./auth/accounts.ts";
import { Origins } from "./auth/origins.ts";
import { SessionCookie } from "./auth/session-cookie.ts";
import { Sessions } from "./auth/sessions.ts";
import { GuestSweep } from "./background/guest-sweep.ts";
import type { Bus } from "./bus/bus.ts";
import type { CommandContext } from "./commands/context.ts";
import type { Config } from "./config.ts";
import { plainRefusal } from "./http/answers.ts";
import { createApp } from "./http/app.ts";
import { parseUrl } from "./http/parse-url.ts";
import { securityHeaders } from "./http/security-headers.ts";
import type { WebFiles } from "./http/web-files.ts";
import { clientAddress } from "./limits/client-address.ts";
import { Limiter } from "./limits/limiter.ts";
import { openFilesMax } from "./limits/open-files.ts";
import type { Logger } from "./log.ts";
import { Place } from "./place/place.ts";
import { Feeds } from "./rooms/feeds.ts";
import { HeadWatch } from "./rooms/head-watch.ts";
import { Hub } from "./rooms/hub.ts";
import { Presence } from "./rooms/presence.ts";
import { PresentPeople } from "./rooms/present-people.ts";
import { Typing } from "./rooms/typing.ts";
import { addressKey } from "./socket/address-counts.ts";
import { AnswerBatch } from "./socket/answer-batch.ts";
import { Sockets, type Listening } from "./socket/sockets.ts";
import { speakSimply } from "./socket/speak-simply.ts";
import { Turnstile } from "./socket/turnstile.ts";
import { byStream } from "./store/by-stream.ts";
import type { Store, StoreEvents } from "./store/store.ts";
import { inboxOf, placeStream } from "./store/stream-keys.ts";

/** What a node is put together on. */
export interface Ground {
  store: Store;
  bus: Bus;
  /** What this node is called among several. */
  node: string;
  /** What the store tells from now on goes where this says. */
  tell: Pick<StoreEvents, "onCommit" | "onMoved">;
}

/** A node without what carries its bytes. */
export interface ComposedServer extends Disposable {
  sockets: Sockets;
  place: Place;
  /** Answers a request; undefined when it has become a socket. */
  fetch: (
    request: Request,
    listening: Listening,
  ) => Response | Promise<Response> | undefined;
  /** For a request that failed outside its route. */
  failed: (error: unknown) => Response;
  /** Begins once requests can come. */
  start: (listening: Listening, secondMs: number) => void;
  /** Ends what it does by itself; who is connected stays. */
  rest: () => void;
}

/** Of 5,000 who come back at once, so many are brought level at a time. */
const comingBackAtOnce = 128;

/** A sweep of what nobody uses any more. */
const sweepMs = 10_000;

/**
 * Everything of a node from its sockets inward, the same whether real sockets
 * carry it or a simulation does. Resolves when it may be asked.
 */
export async function composeServer(
  { config, log }: { config: Config; log: Logger },
  webFiles: WebFiles,
  { store, bus, node, tell }: Ground,
): Promise<ComposedServer> {
  const limiter = new Limiter(config);
  const commands: CommandContext = { store, limiter };
  const isSecure = config.url.startsWith("https:");
  const cookie = new SessionCookie({ isSecure, days: config.sessionDays });
  const origins = new Origins(config);
  const accounts = new Accounts({
    ...{ secret: store.secret, isSecure, limits: config.limits },
  });

  const people = new PresentPeople(store.reads, store);
  const hub = new Hub(people, (session) => {
    sessions.hearEnd(session);
  });
  const typing = new Typing(bus, (asked) => store.reads.speakers(asked));
  const presence = new Presence({
    ...{ bus, store, hub, people },
    showsPresence: () => place.settings.showsPresence,
  });
  const feeds = new Feeds(bus, store.reads, {
    replayEvents: config.replayEvents,
    deliver: (stream, events) => {
      for (const { committed } of events) sessions.hear(stream, committed);
      typing.ended(stream, events);
      hub.deliver(stream, events);
      // After the hub: whoever was taken out is no longer told.
      presence.hear(stream, events);
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
    // Also where nobody listens to that inbox: what is kept here of a session
    // must not outlive it.
    for (const committed of events) sessions.hear(committed.stream, committed);
    for (const [stream, ofStream] of byStream(events)) {
      bus.publish(stream, ofStream);
      heads?.committed(stream, ofStream.at(-1)?.event.seq ?? 0);
    }
  };
  tell.onMoved = (moved) => {
    heads?.moved(moved);
  };

  const place = await Place.open({
    reads: store.reads,
    name: config.name,
    onError: (error) => {
      log.warn({ err: error }, "what the place has decided could not be read");
    },
  });
  const connectionsMax =
    config.connectionsMax === "auto"
      ? openFilesMax().forConnections
      : config.connectionsMax;
  const sockets = new Sockets({
    config,
    limiter,
    place,
    cookie,
    origins,
    connectionsMax,
  });
  const { clock } = sockets.heartbeat;
  const surroundings = {
    config,
    log,
    place,
    commands,
    sessions,
    feeds,
    people,
    presence,
    typing,
    answers: new AnswerBatch(),
    comingBack: new Turnstile(comingBackAtOnce),
    clock,
    // Alone, it has nobody to be told from.
    node: store.isShared || config.node !== "" ? node : undefined,
  };
  const app = createApp(
    {
      config,
      log,
      place,
      presence,
      commands,
      sessions,
      accounts,
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
    webFiles,
  );

  const guests = new GuestSweep(store, log);
  const headers = securityHeaders(config);
  if (config.simpleWire !== "off") {
    speakSimply(hub, sockets, store, config.simpleWire);
    await feeds.open(store.lobby);
  }
  hub.listen(placeStream, (events) => {
    place.hear(events);
  });
  await feeds.open(placeStream);
  // What was decided between the first look and now.
  await place.refresh();
  place.onChange(({ joinMode }) => {
    // Who only listens there has joined nothing that could be asked of them.
    if (joinMode !== "open") sockets.closeSimple();
  });
  await guests.atStart();
  let sweeping: ReturnType<typeof setInterval> | undefined;
  return {
    sockets,
    place,
    fetch: (request, listening) => {
      const url = parseUrl(request);
      if (url === undefined) return plainRefusal("invalid_query", headers);
      if (url.pathname === "/ws") {
        return sockets.upgrade(request, url, listening);
      }
      const address = addressKey(
        clientAddress({
          peer: listening.requestIP(request)?.address ?? "",
          forwardedFor: request.headers.get("x-forwarded-for"),
          proxies: config.trustedProxies,
        }),
      );
      // HEAD tells of the body that GET has (RFC 9110, 9.3.2), which Hono would
      // leave out together with its length. Bun sends none.
      const asked =
        request.method === "HEAD"
          ? new Request(request, { method: "GET" })
          : request;
      return app.fetch(asked, { address });
    },
    failed: (error) => {
      log.error({ err: error }, "a request failed outside its route");
      return plainRefusal("internal", headers);
    },
    start: (listening, secondMs) => {
      heads?.start();
      hub.use(sockets);
      sockets.start(listening, surroundings, secondMs);
      presence.start(secondMs);
      sweeping = setInterval(() => {
        feeds.sweep((stream) => hub.isFollowed(stream));
      }, sweepMs);
      guests.start(sockets);
    },
    rest: () => {
      clearInterval(sweeping);
      guests[Symbol.dispose]();
    },
    [Symbol.dispose]: () => {
      heads?.[Symbol.dispose]();
      presence[Symbol.dispose]();
      place[Symbol.dispose]();
      feeds[Symbol.dispose]();
    },
  };
}
