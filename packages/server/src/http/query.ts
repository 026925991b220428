import { ParleyError } from "@parley/protocol";
import type { Context } from "hono";

/**
 * The one value of this name in the query, or undefined when it is not there.
 * Doubled, or written as other programs write a list (`limit[]=1`):
 * `invalid_query`.
 */
function single(c: Context, name: string): string | undefined {
  const query = c.req.queries();
  const isList = Object.keys(query).some((key) => key.startsWith(`${name}[`));
  const given = query[name] ?? [];
  if (isList || given.length > 1) throw new ParleyError("invalid_query");
  return given[0];
}

/**
 * A whole number from the query, or undefined when it is not there. Signed,
 * fractional or beyond `max`: `invalid_query`.
 */
export function wholeNumber(
  c: Context,
  name: string,
  { min = 0, max = Number.MAX_SAFE_INTEGER } = {},
): number | undefined {
  const text = single(c, name);
  if (text === undefined) return undefined;
  const value = Number(text);
  const isFine =
    /^\d{1,16}$/.test(text) &&
    Number.isSafeInteger(value) &&
    value >= min &&
    value <= max;
  if (!isFine) throw new ParleyError("invalid_query");
  return value;
}

/** A text from the query, cut to nothing when absent. */
export function shortText(c: Context, name: string, charsMax: number): string {
  const text = single(c, name) ?? "";
  // PostgreSQL has no NUL in its texts; nobody looks for the others.
  const isText = text.isWellFormed() && !/\p{Cc}/u.test(text);
  if (text.length > charsMax || !isText) {
    throw new ParleyError("invalid_query");
  }
  return text;
}
