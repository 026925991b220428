import { isErrorCode, ParleyError, type ErrorCode } from "@parley/protocol";

/** No answer: the machine is offline, the server is away, or the line broke. */
export class NetworkError extends Error {
  readonly code = "no_connection";

  constructor(message = "There is no connection to the server.") {
    super(message);
    this.name = "NetworkError";
  }
}

/** What a command or a request can fail with. */
export type Failure = ParleyError | NetworkError;

/** How the server words a refusal, on the socket and over HTTP. */
export interface Refusal {
  code?: unknown;
  message?: unknown;
  retryable?: unknown;
  retryAfterMs?: unknown;
}

/** The refusal as an error. A code of a newer server keeps its sentence. */
export function errorFrom(refusal: Refusal): ParleyError {
  const { message, retryAfterMs } = refusal;
  return new ParleyError(codeOf(refusal), {
    ...(typeof message === "string" ? { message } : {}),
    retryAfterMs: typeof retryAfterMs === "number" ? retryAfterMs : undefined,
  });
}

function codeOf({ code, retryable }: Refusal): ErrorCode {
  if (typeof code === "string" && isErrorCode(code)) return code;
  // What matters of an unknown code is whether trying again can help.
  return retryable === true ? "unavailable" : "invalid_value";
}
