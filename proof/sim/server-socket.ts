import type { ServerWebSocket } from "bun";
import type {
  Socket,
  SocketData,
  Ws,
} from "../../packages/server/src/socket/socket.ts";
import { socketOptions } from "../../packages/server/src/socket/socket-options.ts";
import type { Sockets } from "../../packages/server/src/socket/sockets.ts";
import type { Listener } from "./listener.ts";
import type { VirtualTime } from "./virtual-time.ts";

/** The way from a server's socket to its peer. */
export interface WayDown {
  /** The handshake is answered; what is sent next comes after that. */
  open(socket: ServerSocket, protocol: string): void;
  /** Bytes that pile up, because the peer does not take them. */
  readonly backlogBytes: number;
  send(text: string, bytes: number): void;
  /** `isPolite` sends a close frame behind what waits; else it is a reset. */
  end(code: number, isPolite: boolean): void;
}

/** Otherwise a frame that is too much is dropped, without a word. */
const closesWhenFull: boolean = socketOptions.closeOnBackpressureLimit;

/** A frame's own bytes, besides what is in it. */
const frameHeadBytes = 4;

/**
 * What the server uses of Bun's ServerWebSocket, with what was found out about
 * Bun: everything goes out in the order of calls, `close` runs the close
 * handler at once, and over the backpressure limit a frame is dropped and, if
 * that is asked for, the socket is closed a moment later.
 */
export class ServerSocket {
  readonly data: SocketData;
  readonly remoteAddress = "127.0.0.1";
  readyState: 1 | 3 = 1;
  readonly #topics = new Set<string>();
  readonly #listener: Listener;
  readonly #handlers: Sockets["handlers"];
  readonly #way: WayDown;
  readonly #time: VirtualTime;
  /** How much each byte counts: a run is too short to fill real buffers. */
  readonly #weight: number;
  #isBacklogged = false;
  #isOver = false;

  constructor(parts: {
    data: SocketData;
    listener: Listener;
    handlers: Sockets["handlers"];
    way: WayDown;
    time: VirtualTime;
    weight: number;
  }) {
    this.data = parts.data;
    this.#listener = parts.listener;
    this.#handlers = parts.handlers;
    this.#way = parts.way;
    this.#time = parts.time;
    this.#weight = parts.weight;
  }

  /** As the type that the server knows; what is not here, it does not use. */
  get asWs(): Ws {
    return this as unknown as ServerWebSocket<SocketData>;
  }

  get socket(): Socket {
    return this.data.socket;
  }

  get subscriptions(): string[] {
    return [...this.#topics];
  }

  isSubscribed(topic: string): boolean {
    return this.#topics.has(topic);
  }

  subscribe(topic: string): void {
    if (this.readyState !== 1) return;
    this.#topics.add(topic);
    this.#listener.join(topic, this);
  }

  unsubscribe(topic: string): void {
    this.#topics.delete(topic);
    this.#listener.part(topic, this);
  }

  send(text: string): number {
    if (this.readyState !== 1) return 0;
    const bytes = text.length + frameHeadBytes;
    const buffered = this.getBufferedAmount();
    const isTooMuch =
      buffered + bytes * this.#weight > socketOptions.backpressureLimit;
    // Into an empty queue anything goes: the kernel takes it.
    if (buffered > 0 && isTooMuch) {
      if (closesWhenFull) this.#overflow();
      return 0;
    }
    this.#way.send(text, bytes);
    return bytes;
  }

  cork(write: (ws: this) => void): void {
    write(this);
  }

  ping(): void {
    // RFC 6455's own, which the peer's kernel-side answers.
    this.#time.after(1, () => {
      if (this.readyState === 1) this.#handlers.pong(this.asWs);
    });
  }

  getBufferedAmount(): number {
    const bytes = this.#way.backlogBytes * this.#weight;
    // Whoever is told that something waits may wait for `drain`. Bun calls it
    // also when one frame alone was too much. Here what was on its way as the
    // line stalled counts as well, so it has to be followed by one, too.
    if (bytes > 0) this.#isBacklogged = true;
    return bytes;
  }

  close(code = 1000, reason = ""): void {
    if (this.readyState !== 1) return;
    this.#way.end(code, true);
    this.#ended(code, reason);
  }

  terminate(): void {
    if (this.readyState !== 1) return;
    this.#way.end(1006, false);
    this.#ended(1006, "");
  }

  /** Something came from the peer. */
  heard(text: string): void {
    if (this.readyState === 1) this.#handlers.message(this.asWs, text);
  }

  /** The peer has taken something. */
  taken(): void {
    if (!this.#isBacklogged || this.getBufferedAmount() > 0) return;
    this.#isBacklogged = false;
    if (this.readyState === 1) this.#handlers.drain(this.asWs);
  }

  /** The connection is gone, for whichever reason. */
  ended(code: number): void {
    if (this.readyState === 1) this.#ended(code, "");
  }

  get isBacklogged(): boolean {
    return this.#isBacklogged;
  }

  #overflow(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#time.after(0, () => {
      this.terminate();
    });
  }

  #ended(code: number, reason: string): void {
    this.readyState = 3;
    for (const topic of this.#topics) this.#listener.part(topic, this);
    this.#topics.clear();
    this.#handlers.close(this.asWs, code, reason);
  }
}
