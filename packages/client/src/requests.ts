import type {
  CommandName,
  CommandParams,
  CommandResult,
  FrameObject,
  ParleyError,
} from "@parley/protocol";
import type { Env, Timer } from "./env.ts";
import { errorFrom, NetworkError } from "./errors.ts";

/** What came of a question to the server. */
export type Outcome =
  | { status: "answered"; frame: FrameObject }
  | { status: "refused"; error: ParleyError; isRetryable: boolean }
  /** The connection went first; `blamed` when the question may be why. */
  | { status: "lost"; blamed: boolean }
  | { status: "timed-out" };

export interface Requests {
  /** Asks, and calls `done` exactly once. */
  ask: (question: Question, done: (outcome: Outcome) => void) => void;
  /** Hands an answer to whoever asked; the id says who. */
  answered(frame: FrameObject): void;
  /** The connection is gone: nothing of it will be answered any more. */
  lose(blamed: boolean): void;
}

/** A command without its id. */
export type Question = { type: string } & Record<string, unknown>;

/** hello is the first and has this id; the others count up from it, for ever. */
export const helloId = 1;

/** The server answers within 5 s (L-1); a person waits about twice that. */
const answerMsMax = 10_000;

interface Asked {
  done: (outcome: Outcome) => void;
  timer: Timer;
}

export function createRequests(parts: {
  env: Env;
  /** False when there is no connection to write to. */
  write: (object: FrameObject) => boolean;
}): Requests {
  const { env, write } = parts;
  const asked = new Map<number, Asked>();
  let lastId = helloId;

  function finish(id: number, outcome: Outcome) {
    const one = asked.get(id);
    // An answer after its time-out: whoever asked has given up.
    if (one === undefined) return;
    asked.delete(id);
    env.clearTimer(one.timer);
    one.done(outcome);
  }

  return {
    ask({ type, ...params }, done) {
      lastId += 1;
      const id = lastId;
      if (!write({ type, id, ...params })) {
        done({ status: "lost", blamed: false });
        return;
      }
      const timer = env.setTimer(answerMsMax, () =>
        finish(id, { status: "timed-out" }),
      );
      asked.set(id, { done, timer });
    },
    answered(frame) {
      const isRefusal = frame["type"] === "error";
      finish(
        Number(frame["id"]),
        isRefusal
          ? {
              status: "refused",
              error: errorFrom(frame),
              isRetryable: frame["retryable"] === true,
            }
          : { status: "answered", frame },
      );
    },
    lose(blamed) {
      for (const id of [...asked.keys()])
        finish(id, { status: "lost", blamed });
    },
  };
}

/** A command as a promise, for what a person does and waits for. */
export function runCommand<Name extends CommandName>(
  requests: Requests,
  name: Name,
  params: CommandParams<Name>,
): Promise<CommandResult<Name>> {
  return new Promise((resolve, reject) => {
    requests.ask({ type: name, ...params }, (outcome) => {
      switch (outcome.status) {
        case "answered":
          resolve(outcome.frame as unknown as CommandResult<Name>);
          break;
        case "refused":
          reject(outcome.error);
          break;
        case "lost":
          reject(new NetworkError());
          break;
        case "timed-out":
          reject(new NetworkError("The server did not answer in time."));
          break;
      }
    });
  });
}
