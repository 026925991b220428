import { limits } from "@parley/protocol";

/**
 * How many messages of others stand above the read mark: a count that the
 * server gave at a head, and what has come since. Not a counter that goes up
 * and down, which would drift with the first event that it sees twice.
 */
export interface UnreadCount {
  /** Given by the server (or recounted from rows) … */
  given: number;
  /** … when this was the head. */
  head: number;
  /**
   * Numbers of the newest messages by others, in order. As many as a count may
   * reach: where more would count, the answer is "100 or more" anyway.
   */
  others: readonly number[];
  /** A deletion cannot be told to be among them: the server has to count. */
  isDoubtful?: true;
}

export function countedAt(
  head: number,
  given: number,
  others: readonly number[] = [],
): UnreadCount {
  return { given, head, others: others.slice(-limits.unreadCount) };
}

/** One more message by somebody else. */
export function noticed(count: UnreadCount, seq: number): UnreadCount {
  const others = [...count.others, seq].slice(-limits.unreadCount);
  return { ...count, others };
}

/** The number to show; 100 means "100 or more". */
export function unreadOf({ given, head, others }: UnreadCount): number {
  const since = others.filter((seq) => seq > head).length;
  return Math.min(limits.unreadCount, given + since);
}
