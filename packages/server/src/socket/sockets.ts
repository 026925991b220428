import {
  closeCodes,
  errors,
  subprotocol,
  type ErrorCode,
  type PlaceSettings,
} from "@parley/protocol";
import type { Server } from "bun";
import { setTimeout } from "node:timers/promises";
import type { Origins } from "../auth/origins.ts";
import type { SessionCookie } from "../auth/session-cookie.ts";
import type { Config } from "../config.ts";
import { clientAddress } from "../limits/client-address.ts";
import type { Limiter } from "../limits/limiter.ts";
import type { Place } from "../place/place.ts";
import type { Publisher } from "../rooms/follower.ts";
import { AddressCounts, addressKey } from "./address-counts.ts";
import { Connection } from "./connection.ts";
import { judgeHandshake, type HandshakeVerdict } from "./handshake.ts";
import type { Held } from "./held.ts";
import { Heartbeat } from "./heartbeat.ts";
import { SimpleConnection } from "./simple-wire.ts";
import type { Socket, SocketData, Ws } from "./socket.ts";
import type { SocketSurroundings } from "./surroundings.ts";

/** What is used of the server that listens. */
export type Listening = Pick<
  Server<SocketData>,
  "publish" | "subscriberCount" | "upgrade" | "requestIP"
>;

/** What the rate limits remember is looked through so often. */
const sweepSeconds = 10;

export interface SocketsOptions {
  config: Config;
  limiter: Limiter;
  place: Place;
  cookie: SessionCookie;
  origins: Origins;
  connectionsMax: number;
}

/**
 * Bun's side of the WebSockets: who gets one, and which object each belongs to.
 * Lends its publish to the rooms.
 */
export class Sockets implements Publisher {
  readonly heartbeat: Heartbeat;
  readonly #options: SocketsOptions;
  readonly #anonymous = new AddressCounts();
  readonly #signedIn = new AddressCounts();
  #surroundings: SocketSurroundings | undefined;
  #server: Listening | undefined;
  #ticking: ReturnType<typeof setInterval> | undefined;
  #isClosing = false;

  constructor(options: SocketsOptions) {
    this.#options = options;
    this.heartbeat = new Heartbeat(this, (ws) => {
      void this.#checkSession(ws);
    });
  }

  start(
    server: Listening,
    surroundings: SocketSurroundings,
    secondMs: number,
  ): void {
    this.#server = server;
    this.#surroundings = surroundings;
    this.#ticking = setInterval(() => {
      this.heartbeat.tick();
      if (this.heartbeat.clock.seconds % sweepSeconds === 0) {
        this.#options.limiter.sweep();
      }
    }, secondMs);
  }

  publish(topic: string, frame: string): void {
    this.heartbeat.clock.hasSent = true;
    this.#server?.publish(topic, frame);
  }

  subscriberCount(topic: string): number {
    return this.#server?.subscriberCount(topic) ?? 0;
  }

  /** What is remembered because of who is connected (L-4). */
  get held(): Held {
    const { people, feeds, typing, presence, comingBack } =
      this.#surroundings ?? {};
    return {
      ...this.heartbeat.held,
      comingBack: comingBack?.crowd ?? 0,
      addresses: this.#anonymous.size + this.#signedIn.size,
      people: people?.size ?? 0,
      feeds: feeds?.size ?? 0,
      typing: typing?.size ?? 0,
      presence: presence?.size ?? 0,
      buckets: this.#options.limiter.size,
      pinged: this.heartbeat.pinged,
    };
  }

  /** Answers a request for /ws; undefined when it has become a socket. */
  upgrade(request: Request, url: URL, server: Listening): Response | undefined {
    const verdict = judgeHandshake(request, url);
    if (verdict.status === "refused") {
      return refusal(verdict.code, verdict.httpStatus);
    }
    const { config, cookie, place } = this.#options;
    const token = cookie.read(request.headers.get("cookie"));
    const address = addressKey(
      clientAddress({
        peer: server.requestIP(request)?.address ?? "",
        forwardedFor: request.headers.get("x-forwarded-for"),
        proxies: config.trustedProxies,
      }),
    );
    // The simple wire never shows a session, so a cookie opens nothing there.
    const hasCookie = verdict.status !== "simple" && token !== undefined;
    const objection =
      this.#objectionToOrigin(request) ??
      this.#objectionToCount(address, hasCookie);
    if (objection !== undefined)
      return refusal(objection.code, undefined, objection.retryAfterMs);
    if (verdict.status === "simple") {
      const closed = objectionToSimple(config, place.settings);
      if (closed !== undefined) return refusal(closed);
    }
    const who = { address, token, hasCookie };
    const data = this.#dataFor(verdict, request, who);
    const protocol =
      verdict.status === "too-old"
        ? verdict.protocol
        : verdict.status === "parley"
          ? subprotocol
          : undefined;
    const isUpgraded = server.upgrade(request, {
      data,
      // Without this header Bun would answer with the first protocol offered.
      ...(protocol ? { headers: { "sec-websocket-protocol": protocol } } : {}),
    });
    return isUpgraded ? undefined : refusal("bad_frame");
  }

  /** Bun's handlers. Each is synchronous; what takes time is queued per socket. */
  readonly handlers = {
    open: (ws: Ws): void => {
      const { data } = ws;
      this.#counts(data).add(data.address);
      const { token } = data;
      data.token = undefined;
      this.heartbeat.add(ws);
      void data.socket.opened(ws, token).catch((error: unknown) => {
        this.#surroundings?.log.error({ err: error }, "a socket did not open");
        data.socket.close(closeCodes.restarting, "unavailable");
      });
    },
    message: (ws: Ws, data: string | Buffer): void => {
      ws.data.socket.receive(data);
    },
    drain: (ws: Ws): void => {
      ws.data.socket.drained();
    },
    ping: (ws: Ws): void => {
      ws.data.socket.heardControl();
    },
    pong: (ws: Ws): void => {
      ws.data.socket.heardControl();
    },
    close: (ws: Ws, code: number, reason: string): void => {
      const { data } = ws;
      this.#counts(data).remove(data.address);
      this.heartbeat.remove(ws);
      data.socket.closed();
      this.#surroundings?.log.debug({ code, reason }, "socket closed");
    },
  };

  /**
   * Tells everybody to come back a little later, each at another moment, waits
   * for what was accepted, and closes.
   */
  async close(waitMsMax: number): Promise<void> {
    this.#isClosing = true;
    clearInterval(this.#ticking);
    // Otherwise it would not end while people go on talking. Nothing fails by
    // this: what is not answered is sent again, to another node.
    for (const { ws } of this.heartbeat.sockets()) {
      if (ws.data.socket instanceof Connection) ws.data.socket.stopTaking();
    }
    const until = performance.now() + waitMsMax;
    while (this.#pendingCommands() > 0 && performance.now() < until) {
      await setTimeout(10);
    }
    const { code, sentence } = closeCodes.restarting;
    const stepMs = comeBackStepMs(this.heartbeat.count);
    for (const { slot, ws } of this.heartbeat.sockets()) {
      if (ws.data.socket instanceof Connection) {
        const afterMs = 200 + Math.round(slot * stepMs);
        ws.data.socket.send([
          JSON.stringify({ type: "bye", code, reason: sentence, afterMs }),
        ]);
      }
      ws.data.socket.close(closeCodes.restarting);
    }
  }

  /** Ends all sockets of a session that is over. */
  endSession(tokenHash: string): void {
    for (const { ws } of this.heartbeat.sockets()) {
      const { socket } = ws.data;
      if (
        socket instanceof Connection &&
        socket.session?.tokenHash === tokenHash
      ) {
        socket.endSession();
      }
    }
  }

  /** Ends the simple wire: those who listen there have never joined (T61). */
  closeSimple(): void {
    for (const { ws } of this.heartbeat.sockets()) {
      const { socket } = ws.data;
      if (socket instanceof SimpleConnection) {
        socket.close(closeCodes.misuse, "simple_wire_off");
      }
    }
  }

  /**
   * The backstop behind all that is told at once: the store says whether the
   * session is over. Those of one sweep are one question.
   */
  async #checkSession({ data: { socket } }: Ws): Promise<void> {
    if (!(socket instanceof Connection) || !socket.session) return;
    const sessions = this.#surroundings?.sessions;
    // A store that does not answer ends nobody's session.
    const holds = await sessions?.recheck(socket.session).catch(() => true);
    if (holds === false) socket.endSession();
  }

  #pendingCommands(): number {
    let pending = 0;
    for (const { ws } of this.heartbeat.sockets()) {
      pending += ws.data.socket.pendingCommands;
    }
    return pending;
  }

  #dataFor(
    verdict: HandshakeVerdict,
    request: Request,
    who: Pick<SocketData, "address" | "token" | "hasCookie">,
  ): SocketData {
    const surroundings = this.#surroundings;
    if (surroundings === undefined) throw new Error("sockets are not started");
    let socket: Socket;
    if (verdict.status === "simple") {
      socket = new SimpleConnection(surroundings, who.address);
    } else {
      const connection = new Connection(surroundings, request.headers);
      connection.isTooOld = verdict.status === "too-old";
      socket = connection;
    }
    return { ...who, socket, slot: this.heartbeat.takeSlot() };
  }

  #objectionToOrigin(request: Request): Refusal | undefined {
    const { headers } = request;
    const origin = headers.get("origin");
    const isForeign =
      origin === null
        ? // Browsers always send Origin here; without it this says the same.
          headers.get("sec-fetch-site") === "cross-site"
        : !this.#options.origins.allows(origin, headers.get("host"));
    return isForeign ? { code: "origin_not_allowed" } : undefined;
  }

  #objectionToCount(address: string, hasCookie: boolean): Refusal | undefined {
    const { config, limiter, connectionsMax } = this.#options;
    if (this.#isClosing) return { code: "over_capacity" };
    if (!config.limits) return undefined;
    if (this.heartbeat.count >= connectionsMax)
      return { code: "over_capacity" };
    const max = hasCookie
      ? config.connectionsPerAddressMax
      : config.anonymousPerAddressMax;
    const counts = hasCookie ? this.#signedIn : this.#anonymous;
    if (counts.of(address) >= max) return { code: "rate_limited" };
    const action = hasCookie ? "resumeRate" : "handshakeRate";
    const retryAfterMs = limiter.delayMs(action, address);
    return retryAfterMs > 0
      ? { code: "rate_limited", retryAfterMs }
      : undefined;
  }

  #counts({ hasCookie }: SocketData): AddressCounts {
    return hasCookie ? this.#signedIn : this.#anonymous;
  }
}

/**
 * Between two of the 25 moments at which people are asked to come back: few
 * come back almost at once, five thousand over two and a half seconds.
 */
function comeBackStepMs(sockets: number): number {
  return Math.min(100, Math.max(4, sockets / 50));
}

/** The simple wire has no way to show an invitation: it is open, or it is off. */
function objectionToSimple(
  { simpleWire }: Config,
  { joinMode }: PlaceSettings,
): ErrorCode | undefined {
  if (simpleWire === "off") return "simple_wire_off";
  if (joinMode === "open") return undefined;
  return joinMode === "closed" ? "join_closed" : "invitation_needed";
}

interface Refusal {
  code: ErrorCode;
  retryAfterMs?: number;
}

function refusal(
  code: ErrorCode,
  status: number = errors[code].status,
  retryAfterMs?: number,
): Response {
  const { message } = errors[code];
  const error = {
    code,
    message,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
  return Response.json(
    { error },
    {
      status,
      headers: {
        "cache-control": "no-store",
        "x-content-type-options": "nosniff",
        ...(status === 405 ? { allow: "GET" } : {}),
      },
    },
  );
}
