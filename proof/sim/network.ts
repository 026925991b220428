import type {
  HttpAnswer,
  HttpRequest,
  Socket,
  SocketListener,
} from "@parley/client";
import type { SimBrowser } from "./browser.ts";
import type { SimNode } from "./node.ts";
import type { Weather } from "./pipe.ts";
import type { Random } from "./random.ts";
import { Owner, type VirtualTime } from "./virtual-time.ts";
import { Wire } from "./wire.ts";

/** What requests meet on their way; shares of 1. */
export interface RequestTrouble {
  lost: number;
  answerLost: number;
  late: number;
}

export const calmRequests: RequestTrouble = { lost: 0, answerLost: 0, late: 0 };

/** From where a page reaches the server. */
export interface Place {
  tab: Owner;
  browser: SimBrowser;
  weather: Weather;
  cookie: string;
}

const host = "parley.test";

/** Everything between the pages and the nodes, and a balancer before those. */
export class SimNetwork {
  readonly owner = new Owner("network");
  requestTrouble: RequestTrouble = { ...calmRequests };
  readonly wires = new Set<Wire>();
  /** The last posts that pages sent, as they were on the wire. */
  readonly sentPosts: { place: Place; text: string }[] = [];
  /** Requests on their way, by what makes them fail, with who is to answer. */
  readonly #underWay = new Map<() => void, Owner | undefined>();
  readonly #time: VirtualTime;
  readonly #random: Random;
  readonly #nodes: () => readonly SimNode[];

  constructor(
    time: VirtualTime,
    random: Random,
    nodes: () => readonly SimNode[],
  ) {
    this.#time = time;
    this.#random = random;
    this.#nodes = nodes;
  }

  openSocket(place: Place, protocol: string, page: SocketListener): Socket {
    const { tab, browser, weather, cookie } = place;
    if (browser.isOffline) {
      this.#time.after(1, () => {
        page.closed(1006);
      });
      return { send: () => undefined, close: () => undefined };
    }
    const key = Buffer.from(
      Array.from({ length: 16 }, () => this.#random.whole(0, 255)),
    );
    const wire = new Wire({
      ...{ time: this.#time, random: this.#random, weather, page },
      ...{ network: this.owner, client: tab },
      listener: this.#node()?.listener,
      headers: {
        ...{ host, cookie, upgrade: "websocket", connection: "Upgrade" },
        origin: `http://${host}`,
        "sec-websocket-key": key.toString("base64"),
        "sec-websocket-version": "13",
        ...(protocol === "" ? {} : { "sec-websocket-protocol": protocol }),
      },
      over: (one) => {
        this.wires.delete(one);
      },
    });
    this.wires.add(wire);
    return {
      ...wire.socket,
      send: (text) => {
        if (text.startsWith('{"type":"message.post"')) {
          this.sentPosts.push({ place, text });
          if (this.sentPosts.length > 20) this.sentPosts.shift();
        }
        wire.socket.send(text);
      },
    };
  }

  /** A page is gone, and its machine with it if that is silent. */
  pageDied(tab: Owner, isSilent: boolean): void {
    for (const wire of this.wires) {
      if (wire.client === tab) wire.pageDied(isSilent);
    }
  }

  serverDied(owner: Owner, isSilent: boolean): void {
    for (const wire of this.wires) {
      if (wire.server === owner) wire.serverDied(isSilent);
    }
    if (isSilent) return;
    for (const [fail, server] of this.#underWay) if (server === owner) fail();
  }

  calmRequests(): void {
    this.requestTrouble = { ...calmRequests };
  }

  /** Everything between them is well: what waited for nothing is told so. */
  heal(): void {
    this.calmRequests();
    for (const wire of [...this.wires]) wire.heal();
    for (const fail of [...this.#underWay.keys()]) fail();
  }

  stallAll(tab: Owner | undefined): void {
    for (const wire of this.wires) {
      if (wire.client !== tab) continue;
      wire.stall("up");
      wire.stall("down");
    }
  }

  flowAll(tab: Owner | undefined): void {
    for (const wire of this.wires) if (wire.client === tab) wire.flow();
  }

  fetch(
    { tab, browser, weather, cookie }: Place,
    { method, url, body }: HttpRequest,
    done: (answer: HttpAnswer) => void,
  ): () => void {
    const time = this.#time;
    const random = this.#random;
    const { lost, answerLost, late } = this.requestTrouble;
    let isDone = false;
    const wayMs = (): number =>
      weather.latencyMs +
      random.share() * weather.jitterMs +
      (random.chance(late) ? random.spread(100, 8_000) : 0);
    const finish = (answer: HttpAnswer, ms: number): void => {
      const arrived = (): void => {
        this.#underWay.delete(fail);
        if (isDone) return;
        isDone = true;
        done(answer);
      };
      time.after(ms, arrived, tab);
    };
    const fail = (): void => {
      finish({ status: 0, text: "" }, weather.latencyMs);
    };
    if (browser.isOffline) {
      fail();
      return fail;
    }
    const listener = this.#node()?.listener;
    const server = listener?.owner;
    this.#underWay.set(fail, server);
    if (random.chance(lost)) return fail;
    const arrive = async (): Promise<void> => {
      if (listener?.isListening !== true) {
        fail();
        return;
      }
      const request = new Request(url, {
        method,
        headers: {
          ...{ host, cookie, "sec-fetch-site": "same-origin" },
          ...(body === undefined ? {} : { "content-type": "application/json" }),
        },
        ...(body === undefined ? {} : { body }),
      });
      const response = await listener.answer(request);
      const answer = { status: response.status, text: await response.text() };
      if (!random.chance(answerLost)) finish(answer, wayMs());
    };
    time.after(wayMs(), () => void arrive(), server ?? this.owner);
    return fail;
  }

  /** A balancer: any node that is up; without one, any that is not. */
  #node(): SimNode | undefined {
    const nodes = this.#nodes();
    const up = nodes.filter(({ isUp }) => isUp);
    return up.length > 0 ? this.#random.pick(up) : undefined;
  }
}
