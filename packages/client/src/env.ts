import { indexedDbStorage } from "./indexed-db.ts";
import { memoryStorage, type KeyValueStorage } from "./storage.ts";

/**
 * Everything this package asks of the machine. Nothing else in it touches a
 * clock, chance, a timer or the network, so that a simulation with virtual time
 * can drive the very code that runs in a page.
 */
export interface Env {
  /**
   * The wall clock in ms: for labels, and to notice that the machine slept. It
   * may jump, so nothing that must happen in time is decided by it.
   */
  now: () => number;
  /** Ms that only ever go up, with fractions: for measuring. */
  monotonicMs: () => number;
  /** 0 ≤ x < 1, for jitter. */
  random: () => number;
  /** Unpredictable bytes, for ids. */
  randomBytes: (count: number) => Uint8Array;
  setTimer: (ms: number, call: () => void) => Timer;
  clearTimer: (timer: Timer) => void;
  /** Calls once the present turn is over, before the next frame or timer. */
  soon: (call: () => void) => void;
  /** Calls the listener later, never at once. */
  openSocket: (
    url: string,
    protocol: string,
    listener: SocketListener,
  ) => Socket;
  /** Calls `done` exactly once, also after it was cancelled; never at once. */
  fetch: (request: HttpRequest, done: (answer: HttpAnswer) => void) => Cancel;
  /**
   * The machine may have a network again, or somebody looks at the page again.
   * Returns what ends it.
   */
  onWake: (listener: () => void) => Cancel;
  /** The machine has lost its network: no need to wait for the silence. */
  onUnplugged: (listener: () => void) => Cancel;
  /** Nobody sees the page any more: it may be ended without another word. */
  onHidden: (listener: () => void) => Cancel;
  /** What outlives the page, the same for all tabs of a browser. */
  storage: KeyValueStorage;
  /**
   * Waits until this tab is the only one of the browser that holds the name;
   * `steal` takes it from whoever has it. Returns what gives it back, or stops
   * waiting; then neither callback comes any more. Both may come at once.
   */
  hold: (name: string, holder: Holder, options: { steal: boolean }) => Cancel;
  /** The other tabs of this browser that listen to this name. */
  channel: (name: string, heard: (message: unknown) => void) => Channel;
}

export interface Holder {
  held(): void;
  /** Another tab has taken it. */
  lost(): void;
}

export interface Channel {
  /** Reaches every other tab that listens, in the order of telling. */
  tell(message: unknown): void;
  close(): void;
}

/** Opaque: made by setTimer, taken by clearTimer. */
export type Timer = unknown;

export type Cancel = () => void;

export interface Socket {
  send(text: string): void;
  close(code: number): void;
}

export interface SocketListener {
  opened(subprotocol: string): void;
  received(text: string): void;
  /** The last call; 1006 when the connection broke or was never made. */
  closed(code: number): void;
}

export interface HttpRequest {
  method: "GET" | "POST" | "PATCH" | "DELETE";
  url: string;
  /** JSON. */
  body?: string;
}

export interface HttpAnswer {
  /** 0 when there was no answer. */
  status: number;
  text: string;
}

/** The page's own machine; also Bun's and Node's, where nothing ever wakes. */
export function browserEnv(): Env {
  return {
    now: () => Date.now(),
    monotonicMs: () => performance.now(),
    random: () => Math.random(),
    randomBytes: (count) => crypto.getRandomValues(new Uint8Array(count)),
    setTimer: (ms, call) => setTimeout(call, ms),
    clearTimer: (timer) =>
      clearTimeout(timer as ReturnType<typeof setTimeout> | undefined),
    soon: (call) => queueMicrotask(call),
    openSocket,
    fetch: fetchText,
    onWake,
    onUnplugged,
    onHidden,
    storage: typeof indexedDB === "undefined" ? memoryStorage() : ownStorage(),
    hold,
    channel,
  };
}

/** The one that all chats of this page share. */
let shared: KeyValueStorage | undefined;

function ownStorage(): KeyValueStorage {
  shared ??= indexedDbStorage();
  return shared;
}

function openSocket(
  url: string,
  protocol: string,
  listener: SocketListener,
): Socket {
  const socket = new WebSocket(url, protocol);
  socket.onopen = () => listener.opened(socket.protocol);
  socket.onmessage = (message: MessageEvent<unknown>) => {
    if (typeof message.data === "string") listener.received(message.data);
  };
  // An error is always followed by a close, which says all there is to say.
  socket.onclose = ({ code }) => listener.closed(code);
  return {
    // Its close may still be on its way here; a browser warns of each such send.
    send: (text) => {
      if (socket.readyState === WebSocket.OPEN) socket.send(text);
    },
    close: (code) => socket.close(code),
  };
}

function fetchText(
  { method, url, body }: HttpRequest,
  done: (answer: HttpAnswer) => void,
): Cancel {
  const controller = new AbortController();
  const init: RequestInit = {
    method,
    signal: controller.signal,
    credentials: "same-origin",
    cache: "no-store",
  };
  if (body !== undefined) {
    init.body = body;
    init.headers = { "Content-Type": "application/json" };
  }
  const answer = fetch(url, init).then(async (response) => ({
    status: response.status,
    text: await response.text(),
  }));
  // Whatever the reason, offline, refused or cancelled: there was no answer.
  void answer.catch(() => ({ status: 0, text: "" })).then(done);
  return () => controller.abort();
}

function onWake(listener: () => void): Cancel {
  if (typeof window === "undefined") return () => undefined;
  const shown = () => {
    if (document.visibilityState === "visible") listener();
  };
  window.addEventListener("online", listener);
  document.addEventListener("visibilitychange", shown);
  return () => {
    window.removeEventListener("online", listener);
    document.removeEventListener("visibilitychange", shown);
  };
}

function onUnplugged(listener: () => void): Cancel {
  if (typeof window === "undefined") return () => undefined;
  window.addEventListener("offline", listener);
  return () => window.removeEventListener("offline", listener);
}

function onHidden(listener: () => void): Cancel {
  if (typeof window === "undefined") return () => undefined;
  const hidden = () => {
    if (document.visibilityState === "hidden") listener();
  };
  document.addEventListener("visibilitychange", hidden);
  window.addEventListener("pagehide", listener);
  return () => {
    document.removeEventListener("visibilitychange", hidden);
    window.removeEventListener("pagehide", listener);
  };
}

/** Where there are no locks (an http:// address, say), every tab is alone. */
function hold(
  name: string,
  holder: Holder,
  { steal }: { steal: boolean },
): Cancel {
  const locks =
    typeof navigator === "undefined" ? undefined : locksOf(navigator);
  if (locks === undefined) {
    holder.held();
    return () => undefined;
  }
  const waiting = new AbortController();
  const over = Promise.withResolvers<void>();
  let isHeld = false;
  let isOver = false;
  // A lock that is taken over at once cannot be waited for as well.
  const how = steal ? { steal } : { signal: waiting.signal };
  locks
    .request(name, how, () => {
      if (isOver) return undefined;
      isHeld = true;
      holder.held();
      return over.promise;
    })
    .catch(() => {
      if (isOver) return;
      // Never held and not given up: locks are forbidden here.
      if (isHeld) holder.lost();
      else holder.held();
    });
  return () => {
    isOver = true;
    waiting.abort();
    over.resolve();
  };
}

/** Its type says that there always are some. */
function locksOf(where: Partial<Navigator>): LockManager | undefined {
  return where.locks;
}

function channel(name: string, heard: (message: unknown) => void): Channel {
  if (typeof window === "undefined" || typeof BroadcastChannel === "undefined")
    return { tell: () => undefined, close: () => undefined };
  const opened = new BroadcastChannel(name);
  opened.onmessage = ({ data }: MessageEvent<unknown>) => heard(data);
  return {
    tell: (message) => opened.postMessage(message),
    close: () => opened.close(),
  };
}
