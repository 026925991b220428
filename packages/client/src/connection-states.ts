// What the connection does next, as data: every state with every happening.
// connection.ts carries it out; nothing in here does anything.

/** Where the connection is. */
export type State =
  /** Asking over HTTP for the rooms, unless a cursor is there already. */
  | "loading"
  /** The socket is being made. */
  | "opening"
  /** hello is said, welcome has not come. */
  | "greeting"
  /** The streams are being replayed. */
  | "catching-up"
  | "live"
  /** Until the next attempt, which may come early. */
  | "waiting"
  /** The same, but the server has asked for patience: only a person cuts it short. */
  | "backing-off"
  /** A close left it open whether we are still signed in: asking over HTTP. */
  | "asking"
  | "stopped";

export type Happening =
  /** The cursors are known. */
  | "loaded"
  /** HTTP: no answer. */
  | "unreachable"
  /** HTTP: not signed in; or another tab has signed out. */
  | "signed-out"
  /** HTTP: signed in, after all. */
  | "signed-in"
  | "opened"
  | "welcomed"
  /** welcome came from a log that is not the one our cursors count in. */
  | "other-epoch"
  | "ready"
  /** Closed, by what the code asks for; `doubtful` may mean signed out. */
  | "closed-reconnect"
  | "closed-back-off"
  | "closed-fresh"
  | "closed-doubtful"
  | "closed-for-good"
  /** Nothing heard for too long, or not opened in time. */
  | "silent"
  /** The machine says that it has no network any more. */
  | "unplugged"
  /** The server said what cannot be understood. */
  | "garbled"
  /** The wait is over. */
  | "due"
  /** Online again, or the tab is shown again. */
  | "woken"
  /** A person wants to connect now. */
  | "urged"
  /** The chat is closed by its page. */
  | "shut";

export type Effect =
  | "load"
  | "open"
  | "greet"
  /** Start the heartbeat. */
  | "begin"
  /** Count attempts from zero, send what waits. */
  | "settle"
  /** Leave the socket; what was asked on it is lost. */
  | "hang-up"
  | "wait"
  | "wait-long"
  | "cancel-wait"
  /** Drop the cursors; the outbox stays. */
  | "forget"
  | "ask";

export interface Transition {
  to: State;
  effects: readonly Effect[];
}

/** Nothing to do: too late, or already so. */
export type Cell = Transition | "ignored";

const ignored = "ignored";

function go(to: State, ...effects: readonly Effect[]): Transition {
  return { to, effects };
}

const retry = go("waiting", "hang-up", "wait");
const retryLater = go("backing-off", "hang-up", "wait-long");
const startFresh = go("waiting", "hang-up", "forget", "wait");
const askWho = go("asking", "hang-up", "ask");
const stop = go("stopped", "hang-up", "cancel-wait");
const attempt = go("loading", "cancel-wait", "load");

export const transitions: Record<State, Record<Happening, Cell>> = {
  loading: {
    loaded: go("opening", "open"),
    unreachable: retry,
    "signed-out": stop,
    "signed-in": ignored,
    opened: ignored,
    welcomed: ignored,
    "other-epoch": ignored,
    ready: ignored,
    "closed-reconnect": ignored,
    "closed-back-off": ignored,
    "closed-fresh": ignored,
    "closed-doubtful": ignored,
    "closed-for-good": ignored,
    silent: ignored,
    unplugged: ignored,
    garbled: ignored,
    due: ignored,
    woken: ignored,
    urged: ignored,
    shut: stop,
  },
  opening: {
    loaded: ignored,
    unreachable: ignored,
    "signed-out": stop,
    "signed-in": ignored,
    opened: go("greeting", "greet"),
    welcomed: ignored,
    "other-epoch": ignored,
    ready: ignored,
    "closed-reconnect": retry,
    "closed-back-off": retryLater,
    "closed-fresh": startFresh,
    "closed-doubtful": askWho,
    "closed-for-good": stop,
    silent: retry,
    unplugged: retry,
    garbled: retryLater,
    due: ignored,
    woken: ignored,
    urged: ignored,
    shut: stop,
  },
  greeting: {
    loaded: ignored,
    unreachable: ignored,
    // welcome was for somebody else.
    "signed-out": stop,
    "signed-in": ignored,
    opened: ignored,
    welcomed: go("catching-up", "begin"),
    "other-epoch": startFresh,
    ready: ignored,
    "closed-reconnect": retry,
    "closed-back-off": retryLater,
    "closed-fresh": startFresh,
    "closed-doubtful": askWho,
    "closed-for-good": stop,
    silent: retry,
    unplugged: retry,
    garbled: retryLater,
    due: ignored,
    woken: ignored,
    urged: ignored,
    shut: stop,
  },
  "catching-up": {
    loaded: ignored,
    unreachable: ignored,
    "signed-out": stop,
    "signed-in": ignored,
    opened: ignored,
    welcomed: ignored,
    "other-epoch": startFresh,
    ready: go("live", "settle"),
    "closed-reconnect": retry,
    "closed-back-off": retryLater,
    "closed-fresh": startFresh,
    "closed-doubtful": askWho,
    "closed-for-good": stop,
    silent: retry,
    unplugged: retry,
    garbled: retryLater,
    due: ignored,
    woken: ignored,
    urged: ignored,
    shut: stop,
  },
  live: {
    loaded: ignored,
    unreachable: ignored,
    // A reload of the room list asks while live; its 401 is as true as a 4003.
    "signed-out": stop,
    "signed-in": ignored,
    opened: ignored,
    welcomed: ignored,
    "other-epoch": startFresh,
    ready: ignored,
    "closed-reconnect": retry,
    "closed-back-off": retryLater,
    "closed-fresh": startFresh,
    "closed-doubtful": askWho,
    "closed-for-good": stop,
    silent: retry,
    unplugged: retry,
    garbled: retryLater,
    due: ignored,
    woken: ignored,
    urged: ignored,
    shut: stop,
  },
  waiting: {
    loaded: ignored,
    unreachable: ignored,
    "signed-out": stop,
    "signed-in": ignored,
    opened: ignored,
    welcomed: ignored,
    "other-epoch": ignored,
    ready: ignored,
    "closed-reconnect": ignored,
    "closed-back-off": ignored,
    "closed-fresh": ignored,
    "closed-doubtful": ignored,
    "closed-for-good": ignored,
    silent: ignored,
    unplugged: ignored,
    garbled: ignored,
    due: attempt,
    woken: attempt,
    urged: attempt,
    shut: stop,
  },
  "backing-off": {
    loaded: ignored,
    unreachable: ignored,
    "signed-out": stop,
    "signed-in": ignored,
    opened: ignored,
    welcomed: ignored,
    "other-epoch": ignored,
    ready: ignored,
    "closed-reconnect": ignored,
    "closed-back-off": ignored,
    "closed-fresh": ignored,
    "closed-doubtful": ignored,
    "closed-for-good": ignored,
    silent: ignored,
    unplugged: ignored,
    garbled: ignored,
    due: attempt,
    // Switching tabs must not hammer a server that has said it is full.
    woken: ignored,
    urged: attempt,
    shut: stop,
  },
  asking: {
    loaded: ignored,
    unreachable: go("waiting", "wait"),
    "signed-out": stop,
    "signed-in": go("waiting", "wait"),
    opened: ignored,
    welcomed: ignored,
    "other-epoch": ignored,
    ready: ignored,
    "closed-reconnect": ignored,
    "closed-back-off": ignored,
    "closed-fresh": ignored,
    "closed-doubtful": ignored,
    "closed-for-good": ignored,
    silent: ignored,
    unplugged: ignored,
    garbled: ignored,
    due: ignored,
    woken: ignored,
    urged: ignored,
    shut: stop,
  },
  stopped: {
    loaded: ignored,
    unreachable: ignored,
    "signed-out": ignored,
    "signed-in": ignored,
    opened: ignored,
    welcomed: ignored,
    "other-epoch": ignored,
    ready: ignored,
    "closed-reconnect": ignored,
    "closed-back-off": ignored,
    "closed-fresh": ignored,
    "closed-doubtful": ignored,
    "closed-for-good": ignored,
    silent: ignored,
    unplugged: ignored,
    garbled: ignored,
    due: ignored,
    woken: ignored,
    urged: ignored,
    shut: ignored,
  },
};
