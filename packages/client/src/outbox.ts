import type { ParleyError } from "@parley/protocol";
import { delayMs, retryBackoff } from "./backoff.ts";
import { makeCid } from "./cid.ts";
import type { Env, Timer } from "./env.ts";
import type { OutboxItem, OutboxStore } from "./outbox-store.ts";
import type { Outcome, Question } from "./requests.ts";
import type { PendingMessage } from "./state.ts";

export interface Outbox {
  /** Takes a message; returns its cid. */
  add(stream: string, text: string): string;
  retry(stream: string, cid: string): void;
  discard(stream: string, cid: string): void;
  pending(stream: string): readonly PendingMessage[];
  /** Its event is here, wherever that came from. */
  confirm(stream: string, cid: string): void;
  /** Every event up to here has been applied. */
  reached(stream: string, head: number): void;
  /** Takes up again what was kept from before. */
  restore(): void;
  /** There is a connection to send on. */
  open(): void;
  /** There is none; what was in flight comes back as lost. */
  close(): void;
}

interface Entry {
  item: OutboxItem;
  phase: "waiting" | "in-flight" | "acknowledged";
  /** Its number, once acknowledged. */
  seq: number;
  /** Refusals in a row that were not final. */
  refusals: number;
  /** Connections in a row that ended while it was in flight. */
  strikes: number;
}

/** A message that has ended this many connections would end the next one too. */
const strikesMax = 2;

/**
 * Keeps every message until its event is there. Per stream it is a queue with
 * one message in flight: a second one could overtake the first when that has to
 * be sent again (O-2). The cid stays the same, so it is stored once (D-3).
 */
export function createOutbox(parts: {
  env: Env;
  store: OutboxStore;
  ask: (question: Question, done: (outcome: Outcome) => void) => void;
  /** The stream's cursor, if it is ours. */
  cursor: (stream: string) => number | undefined;
  /** The pending rows of this stream are others now. */
  changed: (stream: string) => void;
}): Outbox {
  const { env, store, ask, cursor, changed } = parts;
  const lines = new Map<string, Entry[]>();
  /** Streams that wait before they try again. */
  const delays = new Map<string, Timer>();
  let isOpen = false;

  function append(item: OutboxItem) {
    const entry: Entry = {
      item,
      phase: "waiting",
      seq: 0,
      refusals: 0,
      strikes: 0,
    };
    lines.set(item.stream, [...line(item.stream), entry]);
  }

  function add(item: OutboxItem) {
    store.keep(item);
    append(item);
    changed(item.stream);
    pump();
  }

  function line(stream: string): readonly Entry[] {
    return lines.get(stream) ?? [];
  }

  function find(stream: string, cid: string): Entry | undefined {
    return line(stream).find(({ item }) => item.cid === cid);
  }

  function remove(stream: string, isGone: (entry: Entry) => boolean) {
    const rest = line(stream).filter((entry) => !isGone(entry));
    if (rest.length === line(stream).length) return;
    if (rest.length === 0) lines.delete(stream);
    else lines.set(stream, rest);
    changed(stream);
  }

  function pump() {
    if (!isOpen) return;
    const queues = [...lines.values()];
    // One that may have ended a connection goes alone, so that no other message
    // is blamed when it does so again.
    const suspect = queues
      .flat()
      .find((entry) => entry.strikes > 0 && isUnsent(entry));
    if (suspect) {
      const isQuiet = queues.flat().every(({ phase }) => phase !== "in-flight");
      if (isQuiet) send(suspect);
      return;
    }
    for (const entries of queues) {
      const isBusy = entries.some(({ phase }) => phase === "in-flight");
      const next = entries.find(isUnsent);
      if (next && !isBusy) send(next);
    }
  }

  function isUnsent({ phase, item }: Entry): boolean {
    return phase !== "acknowledged" && item.failure === null;
  }

  function send(entry: Entry) {
    const { stream, cid, text } = entry.item;
    if (delays.has(stream)) return;
    entry.phase = "in-flight";
    ask({ type: "message.post", stream, cid, text }, (outcome) => {
      // Its event may have been faster than the answer.
      if (entry.phase === "in-flight") settle(entry, outcome);
      pump();
    });
  }

  function settle(entry: Entry, outcome: Outcome) {
    entry.phase = "waiting";
    switch (outcome.status) {
      case "answered":
        entry.phase = "acknowledged";
        entry.seq = Number(outcome.frame["seq"]);
        store.drop(entry.item.cid);
        // Answered again for a message that is too old to be replayed.
        reached(entry.item.stream, cursor(entry.item.stream) ?? 0);
        break;
      case "refused":
        entry.strikes = 0;
        if (outcome.isRetryable) delay(entry, outcome.error);
        else fail(entry, { ...words(outcome.error), mayBeStored: false });
        break;
      case "timed-out":
        delay(entry);
        break;
      case "lost":
        if (outcome.blamed) entry.strikes += 1;
        if (entry.strikes >= strikesMax) fail(entry, brokeTheLine);
        break;
    }
  }

  function delay(entry: Entry, error?: ParleyError) {
    const { stream } = entry.item;
    entry.refusals += 1;
    const ms =
      error?.retryAfterMs ??
      delayMs(retryBackoff, entry.refusals - 1, env.random());
    const timer = env.setTimer(ms, () => {
      delays.delete(stream);
      pump();
    });
    delays.set(stream, timer);
  }

  function fail(entry: Entry, failure: NonNullable<OutboxItem["failure"]>) {
    entry.item = { ...entry.item, failure };
    store.keep(entry.item);
    changed(entry.item.stream);
  }

  function discard(stream: string, cid: string) {
    if (!find(stream, cid)?.item.failure) return;
    store.drop(cid);
    remove(stream, ({ item }) => item.cid === cid);
  }

  function reached(stream: string, head: number) {
    remove(stream, ({ phase, seq }) => phase === "acknowledged" && seq <= head);
  }

  function clearDelays() {
    for (const timer of delays.values()) env.clearTimer(timer);
    delays.clear();
  }

  return {
    add(stream, text) {
      const cid = makeCid(env);
      add({ cid, stream, text, at: env.now(), failure: null });
      return cid;
    },
    retry(stream, cid) {
      const item = find(stream, cid)?.item;
      if (!item?.failure) return;
      const { mayBeStored } = item.failure;
      discard(stream, cid);
      // A cid that was refused for good stays out of the log, for ever (D-4).
      const again = mayBeStored ? cid : makeCid(env);
      add({ ...item, cid: again, at: env.now(), failure: null });
    },
    discard,
    pending: (stream) => line(stream).map(row),
    confirm(stream, cid) {
      const entry = find(stream, cid);
      if (entry === undefined) return;
      entry.phase = "acknowledged";
      store.drop(cid);
      remove(stream, (other) => other === entry);
      pump();
    },
    reached,
    restore() {
      store.load((items) => {
        for (const item of items) append(item);
        for (const stream of lines.keys()) changed(stream);
        pump();
      });
    },
    open() {
      isOpen = true;
      clearDelays();
      pump();
    },
    close() {
      isOpen = false;
      clearDelays();
    },
  };
}

const brokeTheLine = {
  code: "no_connection",
  message:
    "The connection broke twice while this was being sent. It may have arrived; trying again will not store it twice.",
  mayBeStored: true,
};

function words({ code, message }: ParleyError) {
  return { code, message };
}

function row({ item }: Entry): PendingMessage {
  const { cid, text, at, failure } = item;
  if (failure === null) return { cid, text, at, status: { kind: "waiting" } };
  const { code, message } = failure;
  return { cid, text, at, status: { kind: "failed", code, message } };
}
