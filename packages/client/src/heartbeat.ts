import { limits } from "@parley/protocol";
import type { Env, Timer } from "./env.ts";

export interface Heartbeat {
  /** From the first frame of a connection on. */
  start(): void;
  stop(): void;
  /** Any frame is a sign of life. */
  heard(): void;
  /** Our own ping was answered. */
  ponged(): void;
  /** Measures the round trip now. */
  measure(): void;
  /** The machine woke, or the network changed: is anybody there? */
  probe(): void;
}

interface HeartbeatParts {
  env: Env;
  ping: () => void;
  silent: () => void;
  roundTrip: (ms: number) => void;
}

/** The server has this long to answer a ping; as long as a command may take. */
const answerMsMax = 10_000;

/**
 * Notices a dead line. A browser hides WebSocket's own pings from the page, so
 * the server says something at least every 25 s, and 35 s of silence is death.
 */
export function createHeartbeat(parts: HeartbeatParts): Heartbeat {
  const { env } = parts;
  let isRunning = false;
  let heardAt = 0;
  let heardMonotonicMs = 0;
  let silenceTimer: Timer;
  let pingTimer: Timer;
  let pingedMonotonicMs: number | null = null;
  let hasHeard = false;

  function heard() {
    hasHeard = true;
    heardAt = env.now();
    heardMonotonicMs = env.monotonicMs();
  }

  /** The timer is not moved at each frame: when it rings, it looks again. */
  function watch(ms: number) {
    env.clearTimer(silenceTimer);
    silenceTimer = env.setTimer(ms, () => {
      const restMs = heardMonotonicMs + limits.silenceMs - env.monotonicMs();
      if (restMs > 0) watch(restMs);
      else parts.silent();
    });
  }

  function measure() {
    if (!isRunning) return;
    env.clearTimer(pingTimer);
    pingTimer = env.setTimer(limits.pingMs, measure);
    // An unanswered ping keeps its time: two at once could not be told apart.
    pingedMonotonicMs ??= env.monotonicMs();
    parts.ping();
  }

  return {
    heard,
    measure,
    start() {
      isRunning = true;
      pingedMonotonicMs = null;
      heard();
      watch(limits.silenceMs);
      pingTimer = env.setTimer(limits.pingMs, measure);
    },
    stop() {
      isRunning = false;
      env.clearTimer(silenceTimer);
      env.clearTimer(pingTimer);
    },
    ponged() {
      if (pingedMonotonicMs === null) return;
      parts.roundTrip(env.monotonicMs() - pingedMonotonicMs);
      pingedMonotonicMs = null;
    },
    probe() {
      if (!isRunning) return;
      // By the wall clock: the other one may stand still while a machine sleeps.
      if (env.now() - heardAt > limits.silenceMs) {
        parts.silent();
        return;
      }
      hasHeard = false;
      measure();
      env.clearTimer(silenceTimer);
      silenceTimer = env.setTimer(answerMsMax, () => {
        if (hasHeard) watch(0);
        else parts.silent();
      });
    },
  };
}
