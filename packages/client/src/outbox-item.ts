import type { ParleyError } from "@parley/protocol";

/** A message that is written and whose event is not here yet. */
export interface OutboxItem {
  cid: string;
  stream: string;
  text: string;
  /** When it was written, by the local clock. */
  at: number;
  /**
   * Its place among all that are written on this device. Goes up with the
   * clock, also when that is set back, and from tab to tab.
   */
  order: number;
  failure: OutboxFailure | null;
}

export interface OutboxFailure {
  code: string;
  message: string;
  /**
   * True when nobody knows whether it was stored. Then only the same cid may be
   * sent again, or it could be there twice (P5).
   */
  mayBeStored: boolean;
}

/** The server has said for good that it will not store it. */
export function refused({ code, message }: ParleyError): OutboxFailure {
  return { code, message, mayBeStored: false };
}

/** Whoever sends it ends the connection: it would do so again. */
export const brokeTheLine: OutboxFailure = {
  code: "no_connection",
  message:
    "The connection broke twice while this was being sent. It may have arrived; trying again will not store it twice.",
  mayBeStored: true,
};

/** In the order of writing; two of one number, from two tabs, by their cids. */
export function byOrder(one: OutboxItem, other: OutboxItem): number {
  return one.order - other.order || (one.cid < other.cid ? -1 : 1);
}

/**
 * Whether this is a form that the same item had before: news of a tab that stood
 * still may be late. A retry takes a higher place, and a failure comes after it.
 */
export function isOlder(one: OutboxItem, other: OutboxItem): boolean {
  if (one.order !== other.order) return one.order < other.order;
  return one.failure === null && other.failure !== null;
}

/** What was kept may be damaged, or of another version. */
export function isOutboxItem(value: unknown): value is OutboxItem {
  const item = value as Partial<OutboxItem> | null | undefined;
  return (
    typeof item === "object" &&
    item !== null &&
    typeof item.cid === "string" &&
    typeof item.stream === "string" &&
    typeof item.text === "string" &&
    typeof item.at === "number" &&
    typeof item.order === "number" &&
    (item.failure === null || isFailure(item.failure))
  );
}

function isFailure(value: unknown): value is OutboxFailure {
  const failure = value as Partial<OutboxFailure> | undefined;
  return (
    typeof failure === "object" &&
    typeof failure.code === "string" &&
    typeof failure.message === "string" &&
    typeof failure.mayBeStored === "boolean"
  );
}
