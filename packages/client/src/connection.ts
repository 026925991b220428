import {
  afterClose,
  closeCodes,
  readFrame,
  subprotocol,
  type FrameObject,
  type Handshake,
} from "@parley/protocol";
import { busyBackoff, delayMs, reconnectBackoff } from "./backoff.ts";
import {
  transitions,
  type Effect,
  type Happening,
  type State,
} from "./connection-states.ts";
import type { Env, Socket, Timer } from "./env.ts";
import type { FrameLog } from "./frame-log.ts";
import { createHeartbeat } from "./heartbeat.ts";
import { helloId } from "./requests.ts";
import type { LoadAnswer } from "./room-list.ts";
import type { ConnectionState, StopReason } from "./state.ts";

export interface Connection {
  state(): ConnectionState;
  /** False when there is nothing to write to. */
  write(object: FrameObject): boolean;
  start(): void;
  /** Somebody wants it now. */
  urge(): void;
  /** What else came to light: not signed in, or nonsense from the server. */
  happen(happening: "signed-out" | "garbled"): void;
  shut(): void;
}

export type WhoAnswer = "signed-in" | "signed-out" | "unreachable";

export interface ConnectionParts {
  env: Env;
  /** Of the WebSocket. */
  url: string;
  log: FrameLog;
  /** Makes sure that there are cursors. */
  load: (done: (answer: LoadAnswer) => void) => void;
  askWho: (done: (answer: WhoAnswer) => void) => void;
  /** hello's own keys. */
  hello: () => FrameObject;
  /** Is this the epoch that our cursors count in? */
  isOurLog: (epoch: unknown) => boolean;
  /** Is this the person whose chat this is? */
  isOurs: (me: unknown) => boolean;
  /** The server's clock, as it welcomes us. */
  greeted: (now: number) => void;
  forgetCursors: () => void;
  /** An answer, an event or a signal that is not the connection's own. */
  received: (object: FrameObject) => void;
  live: () => void;
  /** After each connection; `blamed` when what was being sent may be why. */
  down: (blamed: boolean) => void;
  changed: () => void;
}

/** TCP, TLS, the upgrade and welcome together take less, or nobody is there. */
const openMsMax = 15_000;

/**
 * Keeps one connection to the server. The table in connection-states.ts
 * decides; this file does what it says, one happening after the other.
 */
export function createConnection(parts: ConnectionParts): Connection {
  const { env, log } = parts;
  // Before the first attempt it stands as after a wait that is over.
  let state: State = "waiting";
  let attempt = 0;
  /** It has started afresh, and was not live since. */
  let isFresh = false;
  let retryAt = 0;
  let liveSince = 0;
  let stopped: { reason: StopReason; code: number } = {
    reason: "closed",
    code: 1000,
  };
  let socket: Socket | null = null;
  let closeCode = 1000;
  /** From `bye`: when the server wants us back. */
  let invitedMs: number | null = null;
  let deadline: Timer;
  let wait: Timer;
  const queue: Happening[] = [];
  let isWorking = false;

  const heartbeat = createHeartbeat({
    env,
    ping: () => void write({ type: "ping" }),
    silent: () => happen("silent"),
    roundTrip: (ms) => log.roundTrip(ms),
  });
  const stopWaking = env.onWake(() => {
    // What failed before says nothing of the network that is there now; an
    // attempt that is under way may be of before.
    if (state !== "backing-off") attempt = 0;
    heartbeat.probe();
    happen("woken");
  });
  const stopUnplugging = env.onUnplugged(() => happen("unplugged"));

  /** To the end before the next one begins: an effect may cause another. */
  function happen(happening: Happening) {
    queue.push(happening);
    if (isWorking) return;
    isWorking = true;
    try {
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
        step(next);
      }
    } finally {
      isWorking = false;
    }
  }

  function step(happening: Happening) {
    const cell = transitions[state][happening];
    if (cell === "ignored") return;
    if (cell.to === "stopped") noteReason(happening);
    state = cell.to;
    for (const effect of cell.effects) effects[effect]();
    parts.changed();
  }

  function noteReason(happening: Happening) {
    if (happening === "shut") stopped = { reason: "closed", code: 1000 };
    else if (happening === "signed-out") {
      stopped = {
        reason: "signed-out",
        code: closeCodes.unauthenticated.code,
      };
    } else stopped = { reason: stopReason(closeCode), code: closeCode };
  }

  const effects: Record<Effect, () => void> = {
    load() {
      attempt += 1;
      parts.load(happen);
    },
    open() {
      closeCode = 1000;
      invitedMs = null;
      deadline = env.setTimer(openMsMax, () => happen("silent"));
      const opened: Socket = env.openSocket(parts.url, subprotocol, {
        // A socket that was left may still have something to say.
        opened(protocol) {
          if (socket !== opened) return;
          log.connected(protocol);
          happen("opened");
        },
        received(text) {
          if (socket === opened) receive(text);
        },
        closed(code) {
          if (socket !== opened) return;
          closeCode = code;
          happen(happeningOfClose(code));
        },
      });
      socket = opened;
    },
    greet() {
      write({ type: "hello", id: helloId, ...parts.hello() });
    },
    begin() {
      env.clearTimer(deadline);
      heartbeat.start();
    },
    settle() {
      attempt = 0;
      isFresh = false;
      liveSince = env.now();
      heartbeat.measure();
      parts.live();
    },
    "hang-up"() {
      env.clearTimer(deadline);
      heartbeat.stop();
      if (socket === null) return;
      const left = socket;
      socket = null;
      left.close(1000);
      log.disconnected();
      // Announced closes have their own reason; 1001 is a server going away.
      const isUnexplained = closeCode > 1001 && closeCode < 3000;
      parts.down(isUnexplained && invitedMs === null);
    },
    wait() {
      waitFor(invitedMs ?? delayMs(reconnectBackoff, attempt, env.random()));
    },
    "wait-long"() {
      waitFor(delayMs(busyBackoff, attempt, env.random()));
    },
    "cancel-wait"() {
      env.clearTimer(wait);
    },
    forget() {
      // It is there, and has answered: only whoever is told so again and again
      // waits longer each time.
      if (!isFresh) attempt = 0;
      isFresh = true;
      parts.forgetCursors();
    },
    ask() {
      parts.askWho(happen);
    },
  };

  function waitFor(ms: number) {
    retryAt = env.now() + ms;
    env.clearTimer(wait);
    wait = env.setTimer(ms, () => happen("due"));
  }

  function happeningOfClose(code: number): Happening {
    switch (afterClose(code)) {
      case "start-fresh":
        return "closed-fresh";
      case "back-off":
        return "closed-back-off";
      case "stop":
        return asksForWho.includes(code)
          ? "closed-doubtful"
          : "closed-for-good";
      case "reconnect":
        // A refused upgrade looks like any other failure. Once is chance.
        return state === "opening" && attempt > 1
          ? "closed-doubtful"
          : "closed-reconnect";
    }
  }

  function receive(text: string) {
    log.passed("in", text);
    heartbeat.heard();
    let objects: FrameObject[];
    try {
      objects = readFrame(text);
    } catch {
      happen("garbled");
      return;
    }
    const from = socket;
    for (const object of objects) {
      // One of them may have ended the connection.
      if (socket !== from) return;
      take(object);
    }
  }

  function take(object: FrameObject) {
    switch (object["type"]) {
      case "welcome":
        log.welcomed({
          handshake: (object["handshake"] as Handshake | undefined) ?? null,
          node: typeof object["node"] === "string" ? object["node"] : null,
        });
        if (typeof object["now"] === "number") parts.greeted(object["now"]);
        // In another tab somebody else may have signed in since.
        if (!parts.isOurs(object["me"])) happen("signed-out");
        else if (parts.isOurLog(object["epoch"])) happen("welcomed");
        else happen("other-epoch");
        break;
      case "ready":
        happen("ready");
        break;
      case "ping":
        write({ type: "pong" });
        break;
      case "pong":
        heartbeat.ponged();
        break;
      case "bye":
        invitedMs = Number(object["afterMs"]) || 0;
        break;
      case "error":
        if (object["id"] !== helloId) parts.received(object);
        // hello itself was refused: a store that is away for a moment is
        // nobody's mistake; otherwise we may know better by the next attempt.
        else happen(object["retryable"] === true ? "silent" : "garbled");
        break;
      default:
        parts.received(object);
    }
  }

  function write(object: FrameObject): boolean {
    const isOpen =
      state === "greeting" || state === "catching-up" || state === "live";
    if (socket === null || !isOpen) return false;
    const text = JSON.stringify(object);
    log.passed("out", text);
    socket.send(text);
    return true;
  }

  return {
    write,
    happen,
    start: () => happen("due"),
    urge: () => happen("urged"),
    shut() {
      stopWaking();
      stopUnplugging();
      happen("shut");
    },
    state() {
      switch (state) {
        case "loading":
        case "opening":
        case "greeting":
        case "asking":
          return { status: "connecting", attempt };
        case "catching-up":
          return { status: "catching-up", attempt };
        case "live":
          return { status: "live", since: liveSince };
        case "waiting":
        case "backing-off":
          return { status: "waiting", retryAt, attempt };
        case "stopped":
          return { status: "stopped", ...stopped };
      }
    },
  };
}

/**
 * Not what they seem: 4001 also means that our hello came late, as from a frozen
 * tab, and after 4003 this browser may have another session of the same person,
 * with another password, or with an account made of a guest.
 */
const asksForWho: readonly number[] = [
  closeCodes.unauthenticated.code,
  closeCodes.sessionEnded.code,
];

function stopReason(code: number): StopReason {
  return code === closeCodes.clientTooOld.code ? "client-too-old" : "misuse";
}
