import { newToken } from "../identifiers.ts";

/**
 * How long a guest of the simple wire is taken for connected without a word
 * from their node: three renewals.
 */
export const leaseMs = 180_000;

/**
 * Stands where a session has the hash of its secret. No hash looks like this,
 * so no secret opens it.
 */
export function newLease(): string {
  return `lease:${newToken(43)}`;
}
