import { errors, ParleyError, type ErrorCode } from "@parley/protocol";
import type { Context } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";

/** The one shape of a refusal over HTTP. Holds nothing of the input. */
export function refuse(c: Context, error: ParleyError): Response {
  const { code, message, retryAfterMs } = error;
  if (retryAfterMs !== undefined) {
    c.header("Retry-After", String(Math.ceil(retryAfterMs / 1000)));
  }
  c.header("Cache-Control", "no-store");
  return c.json(
    {
      error: {
        code,
        message,
        ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
      },
    },
    errors[code].status as ContentfulStatusCode,
  );
}

/** The same for what never became a request of the app. */
export function plainRefusal(
  code: ErrorCode,
  headers: Record<string, string>,
): Response {
  const { message, status } = errors[code];
  return Response.json(
    { error: { code, message } },
    {
      status,
      headers: {
        ...headers,
        "Content-Type": "application/json; charset=utf-8",
        "Cache-Control": "no-store",
      },
    },
  );
}

export function refuseWith(c: Context, code: ErrorCode): Response {
  return refuse(c, new ParleyError(code));
}
