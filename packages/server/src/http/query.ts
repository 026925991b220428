import { ParleyError } from "@parley/protocol";
import type { Context } from "hono";

/**
 * A whole number from the query, or undefined when it is not there. Doubled,
 * signed, fractional or beyond `max`: `invalid_query`.
 */
export function wholeNumber(
  c: Context,
  name: string,
  { min = 0, max = Number.MAX_SAFE_INTEGER } = {},
): number | undefined {
  const given = c.req.queries(name);
  if (given === undefined) return undefined;
  const [text = ""] = given;
  const value = Number(text);
  const isFine =
    given.length === 1 &&
    /^\d{1,16}$/.test(text) &&
    Number.isSafeInteger(value) &&
    value >= min &&
    value <= max;
  if (!isFine) throw new ParleyError("invalid_query");
  return value;
}

/** A text from the query, cut to nothing when absent. */
export function shortText(c: Context, name: string, charsMax: number): string {
  const given = c.req.queries(name) ?? [""];
  const [text = ""] = given;
  if (given.length > 1 || text.length > charsMax || !text.isWellFormed()) {
    throw new ParleyError("invalid_query");
  }
  return text;
}
