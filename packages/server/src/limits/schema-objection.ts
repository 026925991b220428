import { isErrorCode, type ErrorCode } from "@parley/protocol";
import type { z } from "zod";

/**
 * The one error code for an input that does not fit its schema. A schema names
 * its own code as the issue's message; what is missing or of the wrong type is
 * told from the input itself.
 */
export function codeOfObjection(error: z.ZodError, input: unknown): ErrorCode {
  const issue = error.issues[0];
  if (issue === undefined) return "invalid_value";
  const value = valueAt(input, issue.path);
  if (issue.code === "unrecognized_keys") return "unknown_field";
  if (value === undefined) return "missing_field";
  if (issue.code === "invalid_type") {
    const wantsNumber = issue.expected === "number" || issue.expected === "int";
    if (!wantsNumber || typeof value !== "number") return "invalid_type";
    return isErrorCode(issue.message) ? issue.message : "invalid_number";
  }
  if (issue.code === "invalid_key") {
    return "invalid_value";
  }
  return isErrorCode(issue.message) ? issue.message : "invalid_value";
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  let value = input;
  for (const key of path) {
    if (typeof value !== "object" || value === null) return undefined;
    value = Object.hasOwn(value, key)
      ? (value as Record<PropertyKey, unknown>)[key]
      : undefined;
  }
  return value;
}
