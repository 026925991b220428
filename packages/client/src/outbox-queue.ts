import { byOrder, type OutboxItem } from "./outbox-item.ts";
import type { PendingMessage } from "./state.ts";

/** An item, and how far it has come in this tab. */
export interface Entry {
  item: OutboxItem;
  phase: "waiting" | "in-flight" | "acknowledged";
  /** Its number, once acknowledged. */
  seq: number;
  /** Refusals in a row that were not final. */
  refusals: number;
  /** Connections in a row that ended while it was in flight. */
  strikes: number;
}

/** The messages of each stream in the order in which they were written. */
export interface OutboxQueue {
  streams(): Iterable<string>;
  line(stream: string): readonly Entry[];
  hasUnsent(): boolean;
  find(cid: string): Entry | undefined;
  /** Puts an item in its place, or what it has become. */
  put(item: OutboxItem): Entry;
  remove(entry: Entry): void;
  rows(stream: string): readonly PendingMessage[];
}

/** A queue may be long: rows are drawn once, and stand where their entries do. */
interface Line {
  entries: Entry[];
  rows: PendingMessage[];
}

export function createOutboxQueue(): OutboxQueue {
  const lines = new Map<string, Line>();
  const entries = new Map<string, Entry>();

  function takeOut(entry: Entry) {
    const { stream } = entry.item;
    const line = lines.get(stream);
    const index = line?.entries.indexOf(entry) ?? -1;
    if (line === undefined || index < 0) return;
    line.entries.splice(index, 1);
    line.rows.splice(index, 1);
    if (line.entries.length === 0) lines.delete(stream);
  }

  function putIn(entry: Entry) {
    const { item } = entry;
    const line = lines.get(item.stream) ?? { entries: [], rows: [] };
    lines.set(item.stream, line);
    // Nearly always behind all the others.
    let index = line.entries.length;
    while (index > 0) {
      const before = line.entries[index - 1];
      if (before === undefined || byOrder(before.item, item) < 0) break;
      index -= 1;
    }
    line.entries.splice(index, 0, entry);
    line.rows.splice(index, 0, rowOf(item));
  }

  return {
    streams: () => [...lines.keys()],
    line: (stream) => lines.get(stream)?.entries ?? [],
    hasUnsent: () =>
      [...lines.values()].some((line) => line.entries.some(isUnsent)),
    find: (cid) => entries.get(cid),
    put(item) {
      const known = entries.get(item.cid);
      const entry = known ?? newEntry(item);
      if (known) takeOut(known);
      // Somebody tries again, in whichever tab: what was before counts no more.
      if (known?.item.failure && item.failure === null) entry.strikes = 0;
      entry.item = item;
      entries.set(item.cid, entry);
      putIn(entry);
      return entry;
    },
    remove(entry) {
      entries.delete(entry.item.cid);
      takeOut(entry);
    },
    rows: (stream) => lines.get(stream)?.rows.slice() ?? [],
  };
}

export function isUnsent({ phase, item }: Entry): boolean {
  return phase !== "acknowledged" && item.failure === null;
}

function newEntry(item: OutboxItem): Entry {
  return { item, phase: "waiting", seq: 0, refusals: 0, strikes: 0 };
}

function rowOf({ cid, text, at, failure }: OutboxItem): PendingMessage {
  if (failure === null) return { cid, text, at, status: { kind: "waiting" } };
  const { code, message } = failure;
  return { cid, text, at, status: { kind: "failed", code, message } };
}
