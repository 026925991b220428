import { pino, type Logger } from "pino";
import type { Config } from "./config.ts";

export type { Logger };

/**
 * One JSON line per fact, to standard output. Nobody passes message text,
 * tokens, cookies or addresses to it (L-5); the redaction is a second lock.
 */
export function createLog(level: Config["log"]): Logger {
  return pino({
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: {
      paths: ["text", "email", "token", "cookie", "*.text", "*.email"],
      censor: "[removed]",
    },
  });
}
