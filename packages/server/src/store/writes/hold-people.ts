import { inboxOf, placeStream } from "../stream-keys.ts";
import { holdStreams } from "./hold-streams.ts";
import type { WriteTransaction } from "./transaction.ts";

/**
 * Holds what a change of somebody's standing appends to before it finds their
 * rooms. Such a write names no streams beforehand (touched-streams.ts), or it
 * would share its commit with others that hold rooms already. With the place's
 * log held, no other act of an administrator falls in between.
 */
export function holdPeople(
  transaction: WriteTransaction,
  ids: readonly string[],
): Promise<void> {
  return holdStreams(transaction, [...ids.map(inboxOf), placeStream]);
}
