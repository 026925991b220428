import { limits, type Event } from "@parley/protocol";

/** Where a number stands to a cursor (I6). */
export type Place = "known" | "next" | "ahead";

export function placeOf(seq: number, cursor: number): Place {
  if (seq <= cursor) return "known";
  return seq === cursor + 1 ? "next" : "ahead";
}

/** Events of one stream that came before those that belong in front of them. */
export type Held = ReadonlyMap<number, Event>;

/** How to close a hole: small ones are fetched, larger ones followed anew. */
export type Repair =
  { kind: "history"; after: number; upTo: number } | { kind: "follow" };

/**
 * What is missing between the cursor and a number that is known to exist.
 * Follow is for larger holes because its answer may be a `reset`.
 */
export function repairOf(cursor: number, upTo: number): Repair {
  return upTo - cursor <= limits.historyEvents
    ? { kind: "history", after: cursor, upTo }
    : { kind: "follow" };
}
