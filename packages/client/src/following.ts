import type { AnswerOf, FrameObject } from "@parley/protocol";
import { delayMs, retryBackoff } from "./backoff.ts";
import { cursorOf } from "./chat-model.ts";
import type { Env } from "./env.ts";
import type { LiveModel } from "./live-model.ts";
import type { Outcome, Question } from "./requests.ts";

export interface Following {
  /** hello names these streams. */
  greeted(streams: readonly string[]): void;
  /**
   * Follows rooms that are new and leaves those that are gone, once greeted: at
   * the end of the turn, when the whole frame has been applied.
   */
  update(): void;
  /** The person was taken out of the room; they may come back in the same frame. */
  left(stream: string): void;
  /** Follows a stream again from its cursor. */
  follow(stream: string): void;
  /** An answer to hello, or to a follow. */
  answered(frame: FrameObject): void;
  down(): void;
}

export interface FollowingParts {
  env: Env;
  model: LiveModel;
  ask: (question: Question, done: (outcome: Outcome) => void) => void;
  level: (stream: string, head: number) => void;
  reset: (reset: AnswerOf<"reset">) => void;
  gone: (stream: string) => void;
}

/** Keeps what the server sends us the same as the rooms we are in. */
export function createFollowing(parts: FollowingParts): Following {
  const { env, model, ask } = parts;
  const followed = new Set<string>();
  let connection = 0;
  let isGreeted = false;
  let isPlanned = false;

  /** Who left and joined five times while away follows where they are now. */
  function plan() {
    if (isPlanned) return;
    isPlanned = true;
    env.soon(() => {
      isPlanned = false;
      if (isGreeted) update();
    });
  }

  function update() {
    const { rooms } = model.now();
    for (const stream of followed) {
      if (stream !== "inbox" && !rooms.has(stream)) unfollow(stream);
    }
    for (const stream of rooms.keys()) {
      if (!followed.has(stream)) follow(stream);
    }
  }

  function follow(stream: string, failures = 0) {
    const cursor = cursorOf(model.now(), stream);
    if (cursor === undefined) return;
    followed.add(stream);
    const ours = connection;
    ask({ type: "follow", stream, cursor }, (outcome) => {
      switch (outcome.status) {
        case "answered":
          answered(outcome.frame);
          break;
        case "refused":
          if (outcome.isRetryable) again(outcome.error.retryAfterMs);
          break;
        case "timed-out":
          again();
          break;
        case "lost":
          // hello asks for it with the next connection.
          break;
      }
    });

    function again(afterMs?: number) {
      const ms = afterMs ?? delayMs(retryBackoff, failures, env.random());
      env.setTimer(ms, () => {
        if (connection === ours) follow(stream, failures + 1);
      });
    }
  }

  function unfollow(stream: string) {
    followed.delete(stream);
    // The server stops by itself when we left; a failure changes nothing.
    ask({ type: "unfollow", stream }, () => undefined);
  }

  function answered(frame: FrameObject) {
    // From our own server: the type says what the rest is.
    const answer = frame as AnswerOf<"live" | "reset" | "gone">;
    switch (answer.type) {
      case "live":
        for (const [stream, head] of Object.entries(answer.heads)) {
          parts.level(stream, head);
        }
        break;
      case "reset":
        parts.reset(answer);
        break;
      case "gone":
        followed.delete(answer.stream);
        parts.gone(answer.stream);
        break;
    }
  }

  return {
    answered,
    follow,
    greeted(streams) {
      isGreeted = true;
      for (const stream of streams) followed.add(stream);
    },
    update: plan,
    left(stream) {
      if (followed.has(stream)) unfollow(stream);
      plan();
    },
    down() {
      connection += 1;
      isGreeted = false;
      followed.clear();
    },
  };
}
