import type { Socket, SocketListener } from "@parley/client";
import type { Listener } from "./listener.ts";
import { Pipe, type Weather } from "./pipe.ts";
import type { Random } from "./random.ts";
import type { ServerSocket, WayDown } from "./server-socket.ts";
import type { Owner, VirtualTime } from "./virtual-time.ts";

type Up =
  | { kind: "handshake" }
  | { kind: "text"; text: string }
  | { kind: "end"; code: number };

type Down =
  | { kind: "opened"; protocol: string }
  | { kind: "text"; text: string }
  | { kind: "end"; code: number };

export interface WireParts {
  time: VirtualTime;
  random: Random;
  weather: Weather;
  network: Owner;
  client: Owner;
  /** Who listens at the other end; undefined where nobody does. */
  listener: Listener | undefined;
  headers: Record<string, string>;
  /** What the page hears; the very last call is `closed`. */
  page: SocketListener;
  over: (wire: Wire) => void;
}

export type Direction = "up" | "down";

/** Bytes of a handshake, either way; of a masked frame's head; of a close frame. */
const handshakeBytes = 300;
const frameHeadBytes = 8;
const endBytes = 8;

/** A WebSocket between a page and a node, over a line that may do anything that TCP lines do. */
export class Wire {
  readonly client: Owner;
  readonly #parts: WireParts;
  readonly #up: Pipe<Up>;
  readonly #down: Pipe<Down>;
  #socket: ServerSocket | undefined;
  #isPageDone = false;
  #isServerDone = false;
  #isCut = false;
  readonly #whenOver: (() => void)[] = [];

  constructor(parts: WireParts) {
    const { listener, client, network } = parts;
    this.client = client;
    this.#parts = parts;
    const server = listener?.owner ?? network;
    this.#up = new Pipe<Up>({
      ...parts,
      receiver: () => server,
      arrived: (what) => {
        this.#atServer(what);
      },
    });
    this.#down = new Pipe<Down>({
      ...parts,
      receiver: () => client,
      arrived: (what) => {
        this.#atPage(what);
      },
    });
    this.#up.put({ kind: "handshake" }, handshakeBytes);
  }

  /** Both ends know that it is over. */
  get isOver(): boolean {
    return this.#isPageDone && this.#isServerDone;
  }

  /** Is called once, when it is over. */
  whenOver(call: () => void): void {
    if (this.isOver) call();
    else this.#whenOver.push(call);
  }

  get server(): Owner | undefined {
    return this.#parts.listener?.owner;
  }

  /** The page's side. */
  readonly socket: Socket = {
    send: (text) => {
      if (this.#isPageDone) return;
      this.#up.put({ kind: "text", text }, text.length + frameHeadBytes);
    },
    close: (code) => {
      if (this.#isPageDone) return;
      this.#isPageDone = true;
      this.#up.put({ kind: "end", code }, endBytes);
      this.#look();
      // A browser tells the page when the other side has answered.
      this.#parts.time.after(1, () => {
        this.#parts.page.closed(code);
      });
    },
  };

  // --- what may happen to it ---

  /** Both sides are told. */
  reset(): void {
    this.#cut();
    this.#tellPage();
    this.#tellServer();
  }

  /** A box in the middle has forgotten it, and tells one side at most. */
  forget(told: "page" | "server" | "nobody"): void {
    this.#cut();
    if (told === "page") this.#tellPage();
    if (told === "server") this.#tellServer();
  }

  stall(direction: Direction): void {
    this.#pipe(direction).stall();
  }

  flow(): void {
    this.#up.flow();
    this.#down.flow();
  }

  /** After so many bytes it is cut, and `how` says who is told. */
  cutAfter(direction: Direction, bytes: number, how: () => void): void {
    this.#pipe(direction).cutAfter(bytes, how);
  }

  /** The page is gone; its machine says so, unless that is gone as well. */
  pageDied(isSilent: boolean): void {
    if (this.#isPageDone) return;
    this.#isPageDone = true;
    this.#down.cut();
    if (isSilent) this.#up.cut();
    else this.#up.put({ kind: "end", code: 1006 }, endBytes);
    this.#look();
  }

  serverDied(isSilent: boolean): void {
    if (this.#isServerDone) return;
    this.#isServerDone = true;
    this.#up.cut();
    if (isSilent) this.#down.cut();
    else this.#down.put({ kind: "end", code: 1006 }, endBytes);
    this.#look();
  }

  /** The network is well: whoever waits for somebody who is gone is told so. */
  heal(): void {
    this.#up.spare();
    this.#down.spare();
    this.flow();
    if (this.#isServerDone || this.#isCut) this.#tellPage();
    if (this.#isPageDone || this.#isCut) this.#tellServer();
  }

  // --- the two ends ---

  readonly #way: WayDown = (() => {
    const backlog = (): number =>
      this.#down.isStalled ? this.#down.waitingBytes : 0;
    return {
      get backlogBytes() {
        return backlog();
      },
      open: (socket: ServerSocket, protocol: string) => {
        this.#socket = socket;
        this.#down.put({ kind: "opened", protocol }, handshakeBytes);
      },
      send: (text: string, length: number) => {
        this.#down.put({ kind: "text", text }, length);
      },
      end: (code: number, isPolite: boolean) => {
        this.#isServerDone = true;
        // A reset overtakes what the kernel has not sent yet.
        if (!isPolite && this.#down.isStalled) this.#tellPage();
        else this.#down.put({ kind: "end", code }, endBytes);
        this.#look();
      },
    };
  })();

  #atServer(what: Up): void {
    if (this.#isServerDone) return;
    const { listener, headers } = this.#parts;
    switch (what.kind) {
      case "handshake":
        if (
          listener?.isListening !== true ||
          !listener.accept(headers, this.#way)
        ) {
          this.#isServerDone = true;
          this.#down.put({ kind: "end", code: 1006 }, endBytes);
        }
        break;
      case "text":
        this.#socket?.heard(what.text);
        break;
      case "end":
        this.#isServerDone = true;
        this.#socket?.ended(what.code);
        this.#look();
        break;
    }
  }

  #atPage(what: Down): void {
    if (this.#isPageDone) return;
    const { page } = this.#parts;
    switch (what.kind) {
      case "opened":
        page.opened(what.protocol);
        break;
      case "text":
        page.received(what.text);
        break;
      case "end":
        this.#isPageDone = true;
        page.closed(what.code);
        this.#look();
        break;
    }
    this.#taken();
  }

  /** Somebody at the server may wait for the way down to be free. */
  #taken(): void {
    const socket = this.#socket;
    const { listener, time } = this.#parts;
    if (socket?.isBacklogged !== true || listener === undefined) return;
    time.after(0, () => socket.taken(), listener.owner);
  }

  #pipe(direction: Direction): Pipe<Up> | Pipe<Down> {
    return direction === "up" ? this.#up : this.#down;
  }

  #cut(): void {
    this.#isCut = true;
    this.#up.cut();
    this.#down.cut();
  }

  #tellPage(): void {
    const { time, client, weather } = this.#parts;
    if (client.isDead) {
      this.#isPageDone = true;
      this.#look();
      return;
    }
    time.after(
      weather.latencyMs,
      () => this.#atPage({ kind: "end", code: 1006 }),
      client,
    );
  }

  #tellServer(): void {
    const { time, listener, weather } = this.#parts;
    if (listener === undefined || listener.owner.isDead) {
      this.#isServerDone = true;
      this.#look();
      return;
    }
    time.after(
      weather.latencyMs,
      () => this.#atServer({ kind: "end", code: 1006 }),
      listener.owner,
    );
  }

  #look(): void {
    if (!this.isOver) return;
    this.#parts.over(this);
    for (const call of this.#whenOver.splice(0)) call();
  }
}
