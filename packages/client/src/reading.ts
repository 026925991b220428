import { delayMs, retryBackoff } from "./backoff.ts";
import { changeRoom, recounted, type ChatModel } from "./chat-model.ts";
import { countOfRows } from "./count-unread.ts";
import type { Env, Timer } from "./env.ts";
import type { LiveModel } from "./live-model.ts";
import type { Outcome, Question } from "./requests.ts";

export interface Reading {
  mark(stream: string, upTo: number): void;
  /** The server's mark stands here, whoever moved it. */
  confirmed(stream: string, read: number): void;
  /** After a fresh list or page, which may not know our latest marks yet. */
  reapply(): void;
  /** The log is another one: no number of before stands for anything in it. */
  forgotten(): void;
  /** Marks that the server has not confirmed, to be kept … */
  unconfirmed(): ReadonlyMap<string, number>;
  /** … and taken up again by the next page. */
  restore(marks: ReadonlyMap<string, number>): void;
  /** There is a connection, or a reason to try again at once. */
  open(): void;
  close(): void;
}

/** At most five marks per second go out; in between only the highest counts. */
const markEveryMs = 200;

/**
 * Moves read marks up: on the screen at once, on the server when it can be.
 * The highest mark wins everywhere (U-2), so one that was lost is said again.
 */
export function createReading(parts: {
  env: Env;
  model: LiveModel;
  ask: (question: Question, done: (outcome: Outcome) => void) => void;
}): Reading {
  const { env, model, ask } = parts;
  /** Marks that the server has not confirmed. */
  const wanted = new Map<string, number>();
  const asking = new Set<string>();
  let pause: Timer = null;
  let failures = 0;
  let isOpen = false;

  function pump() {
    if (!isOpen || pause !== null) return;
    for (const [stream, upTo] of wanted) {
      if (asking.has(stream)) continue;
      asking.add(stream);
      rest(markEveryMs);
      ask({ type: "read.mark", stream, upTo }, (outcome) => {
        asking.delete(stream);
        settle(stream, upTo, outcome);
      });
      return;
    }
  }

  function rest(ms: number) {
    env.clearTimer(pause);
    pause = env.setTimer(ms, () => {
      pause = null;
      pump();
    });
  }

  function settle(stream: string, upTo: number, outcome: Outcome) {
    switch (outcome.status) {
      case "answered":
        failures = 0;
        confirmed(stream, Number(outcome.frame["read"] ?? upTo));
        pump();
        break;
      case "refused":
        if (outcome.isRetryable) retryLater(outcome.error.retryAfterMs);
        // No such room any more, or no such number: nothing to insist on.
        else if (wanted.get(stream) === upTo) wanted.delete(stream);
        break;
      case "timed-out":
        retryLater();
        break;
      case "lost":
        // It goes out again with the next connection.
        break;
    }
  }

  function retryLater(ms?: number) {
    rest(ms ?? delayMs(retryBackoff, failures, env.random()));
    failures += 1;
  }

  function confirmed(stream: string, read: number) {
    if ((wanted.get(stream) ?? Infinity) <= read) wanted.delete(stream);
  }

  return {
    confirmed,
    mark(stream, upTo) {
      const room = model.now().rooms.get(stream);
      if (room === undefined) return;
      // Beyond the head is an error, and a page may be ahead of the cursor.
      const mark = Math.min(upTo, Math.max(room.head, room.timeline.to));
      if (mark <= room.read) return;
      wanted.set(stream, mark);
      model.change((now) => withMark(now, stream, mark));
      pump();
    },
    reapply() {
      for (const [stream, mark] of wanted) {
        model.change((now) => withMark(now, stream, mark));
      }
    },
    forgotten: () => wanted.clear(),
    unconfirmed: () => wanted,
    restore(marks) {
      for (const [stream, mark] of marks) wanted.set(stream, mark);
    },
    open() {
      isOpen = true;
      failures = 0;
      env.clearTimer(pause);
      pause = null;
      pump();
    },
    close() {
      isOpen = false;
      env.clearTimer(pause);
      pause = null;
    },
  };
}

/** The model with one's mark moved up, and the count if it can be told exactly. */
export function withMark(
  model: ChatModel,
  stream: string,
  mark: number,
): ChatModel {
  return changeRoom(model, stream, (room) => {
    if (mark <= room.read) return room;
    const marked = { ...room, read: mark };
    // Else the server's count stays until it sends the new one.
    const exact = countOfRows(room, mark, model.me);
    return exact ? recounted(marked, exact) : marked;
  });
}
