/** A message that is written and not acknowledged. */
export interface OutboxItem {
  cid: string;
  stream: string;
  text: string;
  /** When it was written, by the local clock. */
  at: number;
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

/**
 * Where the outbox outlives the page. It writes behind: the outbox never waits
 * for it, and asks it only once.
 */
export interface OutboxStore {
  /** Everything kept, in the order of writing. */
  load(done: (items: readonly OutboxItem[]) => void): void;
  /** Keeps an item, or what it has become. */
  keep(item: OutboxItem): void;
  drop(cid: string): void;
}

/** Keeps items as long as the object lives: for tests, and until there is more. */
export function memoryOutboxStore(): OutboxStore {
  const items = new Map<string, OutboxItem>();
  return {
    load: (done) => done([...items.values()]),
    keep: (item) => void items.set(item.cid, item),
    drop: (cid) => void items.delete(cid),
  };
}
