import { pino, type Logger } from "pino";
import type { Config } from "./config.ts";

export type { Logger };

/**
 * One JSON line per fact, to standard output. Nobody passes message text,
 * tokens, cookies or addresses to it (L-5); the redaction is a second lock.
 */
export function createLog(
  level: Config["log"],
  destination?: { write: (line: string) => void },
): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      serializers: { err: describeError },
      redact: {
        paths: ["text", "email", "token", "cookie", "*.text", "*.email"],
        censor: "[removed]",
      },
    },
    // At once: the last line before an end would be lost on its way otherwise.
    destination ?? pino.destination({ dest: 1, sync: true }),
  );
}

/**
 * What an error is, without what it carries: a database puts the row that it
 * objects to into `detail`, and in it what somebody wrote (L-5).
 */
function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return String(error);
  const { name, message, stack, cause } = error;
  const code = "code" in error ? error.code : undefined;
  return {
    type: name,
    message,
    ...(code === undefined ? {} : { code }),
    stack,
    ...(cause === undefined ? {} : { cause: describeError(cause) }),
  };
}
