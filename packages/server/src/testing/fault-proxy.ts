import { connectFirst } from "./connect-first.ts";
import { FaultyLink } from "./faulty-link.ts";

/** Which way bytes go. */
export type Direction = "toServer" | "toClient";

/** What a network does to the bytes that go one way. */
export interface Weather {
  /** Each piece takes this long … */
  delayMs: number;
  /** … and up to so much longer. TCP keeps the order. */
  jitterMs: number;
  /** Nothing is taken from the sender any more: it piles up there. */
  isStalled: boolean;
  /** Everything vanishes, also the news that a side has ended. */
  isSwallowed: boolean;
  /** So many bytes at a time; 0 is as they come. */
  sliceBytes: number;
}

/** How a connection ends: with a word (FIN) or without (RST). */
export type Cut = "fin" | "rst";

export const calm: Weather = {
  delayMs: 0,
  jitterMs: 0,
  isStalled: false,
  isSwallowed: false,
  sliceBytes: 0,
};

export interface FaultProxyOptions {
  /** Where to, in the order of trying: the first that accepts has it. */
  targets: () => readonly number[];
  /** 0 ≤ x < 1, for jitter. */
  random?: () => number;
}

/** A way to a server on this machine on which everything can go wrong that does. */
export interface FaultProxy extends Disposable {
  readonly port: number;
  /** Connections that are open now, and that were ever opened. */
  readonly open: number;
  readonly opened: number;
  /** Connections that it has ended by itself. */
  readonly cuts: number;
  /** Bytes that went this way so far. */
  passed: (direction: Direction) => number;
  /** The same address, by this way. */
  through: (url: string) => string;
  /** Changes the weather, for the connections that there are and for new ones. */
  weather: (direction: Direction, change: Partial<Weather>) => void;
  /** Everybody who comes is sent away, while this is true. */
  refuse: (isRefusing: boolean) => void;
  /** Ends every connection that there is. */
  cut: (how: Cut) => void;
  /** Ends the connection that has the last of the next so many bytes. */
  cutAfter: (direction: Direction, bytes: number, how: Cut) => void;
  /**
   * The next thing that is said to the server arrives, and what it says after
   * that does not: the connection ends, and nobody knows what became of it.
   */
  loseAnswer: () => void;
  /**
   * Fair weather, nothing armed. A connection that has lost bytes cannot go
   * on, so it is cut.
   */
  heal: () => void;
}

/** After what was said to the server, before the connection ends. */
const answerLossMs = 60;

/** What one proxy asks of all its connections. */
export interface ProxyState {
  random: () => number;
  weather: Record<Direction, Weather>;
  cuts: number;
  passed: Record<Direction, number>;
  /** Armed by cutAfter. */
  cutting: { direction: Direction; left: number; how: Cut } | undefined;
  /** Armed by loseAnswer. */
  isLosing: boolean;
  loses: (link: FaultyLink) => void;
}

/** Listens on a free port of 127.0.0.1. */
export function startFaultProxy({
  targets,
  random = Math.random,
}: FaultProxyOptions): FaultProxy {
  const links = new Set<FaultyLink>();
  let opened = 0;
  let isRefusing = false;
  const state: ProxyState = {
    random,
    weather: { toServer: calm, toClient: calm },
    cuts: 0,
    passed: { toServer: 0, toClient: 0 },
    cutting: undefined,
    isLosing: false,
    loses: (link) => {
      state.isLosing = false;
      link.muffle();
      setTimeout(() => {
        link.cut("rst");
      }, answerLossMs);
    },
  };
  const listener = Bun.listen<{ link: FaultyLink | undefined }>({
    hostname: "127.0.0.1",
    port: 0,
    allowHalfOpen: true,
    data: { link: undefined },
    socket: {
      open: (near) => {
        near.data = { link: undefined };
        if (isRefusing) {
          near.terminate();
          return;
        }
        opened += 1;
        const link = new FaultyLink(near, state, () => links.delete(link));
        links.add(link);
        near.data = { link };
        connectFirst(targets(), link);
      },
      data: (near, data) => near.data.link?.toServer.take(data),
      drain: (near) => near.data.link?.toClient.flush(),
      end: (near) => near.data.link?.toServer.sourceEnded("fin"),
      close: (near) => near.data.link?.nearClosed(),
      error: () => undefined,
    },
  });
  const cut = (how: Cut): void => {
    for (const link of [...links]) link.cut(how);
  };
  const weather = (direction: Direction, change: Partial<Weather>): void => {
    state.weather[direction] = { ...state.weather[direction], ...change };
    for (const link of [...links]) link[direction].weatherChanged();
  };
  return {
    port: listener.port,
    get open() {
      return links.size;
    },
    get opened() {
      return opened;
    },
    get cuts() {
      return state.cuts;
    },
    passed: (direction) => state.passed[direction],
    through: (url) => {
      const proxied = new URL(url);
      proxied.port = String(listener.port);
      return proxied.href;
    },
    weather,
    refuse: (now) => {
      isRefusing = now;
    },
    cut,
    cutAfter: (direction, bytes, how) => {
      state.cutting = { direction, left: bytes, how };
    },
    loseAnswer: () => {
      state.isLosing = true;
    },
    heal: () => {
      isRefusing = false;
      state.cutting = undefined;
      state.isLosing = false;
      weather("toServer", calm);
      weather("toClient", calm);
    },
    [Symbol.dispose]: () => {
      cut("rst");
      listener.stop(true);
    },
  };
}
