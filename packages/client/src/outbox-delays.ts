import type { Env, Timer } from "./env.ts";

/** Streams that wait before they try again. */
export interface OutboxDelays {
  has(stream: string): boolean;
  start(stream: string, ms: number): void;
  end(stream: string): void;
  endAll(): void;
}

export function createOutboxDelays(env: Env, over: () => void): OutboxDelays {
  const timers = new Map<string, Timer>();

  function end(stream: string) {
    env.clearTimer(timers.get(stream));
    timers.delete(stream);
  }

  return {
    end,
    has: (stream) => timers.has(stream),
    start(stream, ms) {
      end(stream);
      const timer = env.setTimer(ms, () => {
        timers.delete(stream);
        over();
      });
      timers.set(stream, timer);
    },
    endAll() {
      for (const stream of [...timers.keys()]) end(stream);
    },
  };
}
