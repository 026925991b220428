import { errors, type ParleyError } from "@parley/protocol";

/** The answer to a command that is refused. */
export function refusal(
  id: number,
  { code, message, retryAfterMs }: ParleyError,
): string {
  const { retryable } = errors[code];
  return JSON.stringify({
    type: "error",
    id,
    code,
    message,
    retryable,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}
