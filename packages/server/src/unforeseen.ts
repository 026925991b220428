import { errors, ParleyError } from "@parley/protocol";
import type { Logger } from "./log.ts";

/**
 * What a person is told of an error that nobody foresaw: a number, under which
 * the log has all of it. An error of ours is told as it is.
 */
export function asRefusal(
  error: unknown,
  log: Logger,
  [words, details]: readonly [words: string, details?: object],
): ParleyError {
  if (error instanceof ParleyError) return error;
  const incident = crypto.randomUUID().slice(0, 8);
  log.error({ incident, err: error, ...details }, words);
  const message = `${errors.internal.message} (${incident})`;
  return new ParleyError("internal", { message });
}
