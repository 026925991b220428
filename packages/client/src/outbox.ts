import type { ParleyError } from "@parley/protocol";
import { delayMs, retryBackoff } from "./backoff.ts";
import { makeCid, nextCid } from "./cid.ts";
import type { Env, Timer } from "./env.ts";
import { createFinishedCids } from "./finished-cids.ts";
import {
  brokeTheLine,
  isOlder,
  refused,
  type OutboxFailure,
  type OutboxItem,
} from "./outbox-item.ts";
import { createOutboxDelays } from "./outbox-delays.ts";
import { createOutboxQueue, isUnsent, type Entry } from "./outbox-queue.ts";
import type { OutboxStore } from "./outbox-store.ts";
import type { Outcome, Question } from "./requests.ts";
import type { PendingMessage } from "./state.ts";
import type { OutboxNews } from "./tabs.ts";

export interface Outbox {
  /** Takes a message; returns its cid. */
  add(stream: string, text: string): string;
  retry(cid: string): void;
  discard(cid: string): void;
  pending(stream: string): readonly PendingMessage[];
  /** Its event is here, wherever that came from. */
  confirm(cid: string, seq: number): void;
  /** Every event up to here has been applied. */
  reached(stream: string, head: number): void;
  /** What is kept is being read; until that is here, nothing is sent. */
  restoring(): void;
  /** What was kept; null when it could not be read. */
  restored(items: readonly OutboxItem[] | null): void;
  /** What another tab has done with the queue that both show. */
  heard(news: OutboxNews): void;
  /** The log is another one: what it has acknowledged counts no more. */
  forgotten(): void;
  /** There may be something to do now: this tab leads. */
  pump(): void;
  /** There is a connection to send on. */
  open(): void;
  /** There is none; what was in flight comes back as lost. */
  close(): void;
  /** The person is gone from this device: nothing is shown or sent any more. */
  wipe(): void;
}

/** A message that has ended this many connections would end the next one too. */
const strikesMax = 2;

/** What was kept goes before what is written now, but not for ever. */
const restoreMsMax = 3_000;

/**
 * Keeps every message until its event is there. Per stream it is a queue with
 * one message in flight: a second one could overtake the first when that has to
 * be sent again (O-2). The cid stays the same, so it is stored once (D-3). All
 * tabs of a person show one queue, and the one that leads sends it.
 */
export function createOutbox(parts: {
  env: Env;
  store: OutboxStore;
  ask: (question: Question, done: (outcome: Outcome) => void) => void;
  /** The stream's cursor, if it is ours. */
  cursor: (stream: string) => number | undefined;
  /** The pending rows of this stream are others now. */
  changed: (stream: string) => void;
  /** Is it this tab that sends? Asked right before. */
  leads: () => boolean;
  /** Is there anything to send, and a connection? Told after each change. */
  needed: (isNeeded: boolean) => void;
  tell: (news: OutboxNews) => void;
}): Outbox {
  const { env, store, ask, cursor, changed, tell } = parts;
  const queue = createOutboxQueue();
  const finished = createFinishedCids();
  const delays = createOutboxDelays(env, pump);
  /** Sets of what is special, since a queue may be too long to be looked through. */
  const inFlight = new Set<Entry>();
  const acknowledgedOnes = new Set<Entry>();
  /** Those that may have ended a connection. */
  const suspects = new Set<Entry>();
  let isOpen = false;
  let isRestored = false;
  let isWiped = false;
  let lastOrder = 0;
  let patience: Timer = null;
  /** Before the storage has answered: what was written, and told to be stored. */
  let early: { written: Entry[]; stored: Map<string, number> } | null = {
    written: [],
    stored: new Map(),
  };

  /** Shows an item and keeps it, here and in the other tabs. */
  function put(item: OutboxItem): Entry {
    const entry = queue.put(item);
    lastOrder = Math.max(lastOrder, item.order);
    store.keep(item);
    tell({ kind: "kept", item });
    changed(item.stream);
    return entry;
  }

  function enter(entry: Entry, phase: Entry["phase"]) {
    entry.phase = phase;
    inFlight.delete(entry);
    acknowledgedOnes.delete(entry);
    if (phase === "in-flight") inFlight.add(entry);
    if (phase === "acknowledged") acknowledgedOnes.add(entry);
  }

  function nextOrder(): number {
    return Math.max(lastOrder + 1, env.now());
  }

  function remove(entry: Entry) {
    const { cid, stream } = entry.item;
    // Whatever is still answered of it is no news.
    enter(entry, "acknowledged");
    acknowledgedOnes.delete(entry);
    queue.remove(entry);
    suspects.delete(entry);
    finished.add(cid);
    store.drop(cid);
    changed(stream);
  }

  function pump() {
    const isNeeded = isOpen && queue.hasUnsent();
    parts.needed(isNeeded);
    if (!isNeeded || !isRestored || !parts.leads()) return;
    // One that may have ended a connection goes alone, so that no other message
    // is blamed when it does so again.
    const suspect = [...suspects].find(isUnsent);
    if (suspect) {
      if (inFlight.size === 0) send(suspect);
      return;
    }
    for (const stream of queue.streams()) {
      const isBusy = [...inFlight].some(({ item }) => item.stream === stream);
      const next = queue.line(stream).find(isUnsent);
      // What is in flight may stand behind one that another tab wrote before.
      if (next && !isBusy) send(next);
    }
  }

  function send(entry: Entry) {
    const { stream, cid, text } = entry.item;
    if (delays.has(stream)) return;
    enter(entry, "in-flight");
    tell({ kind: "sending" });
    ask({ type: "message.post", stream, cid, text }, (outcome) => {
      // Its event may have been faster than the answer.
      if (entry.phase === "in-flight") settle(entry, outcome);
      pump();
    });
  }

  function settle(entry: Entry, outcome: Outcome) {
    const { cid } = entry.item;
    enter(entry, "waiting");
    switch (outcome.status) {
      case "answered":
        acknowledged(entry, Number(outcome.frame["seq"]));
        tell({ kind: "acknowledged", cid, seq: entry.seq });
        break;
      case "refused":
        entry.strikes = 0;
        suspects.delete(entry);
        if (outcome.isRetryable) delay(entry, outcome.error);
        else fail(entry, refused(outcome.error));
        break;
      case "timed-out":
        delay(entry);
        break;
      case "lost":
        if (outcome.blamed) {
          entry.strikes += 1;
          suspects.add(entry);
        }
        if (entry.strikes >= strikesMax) fail(entry, brokeTheLine);
        break;
    }
  }

  /** It is stored, and stays until its event is here, also through a crash. */
  function acknowledged(entry: Entry, seq: number) {
    enter(entry, "acknowledged");
    entry.seq = seq;
    suspects.delete(entry);
    // Answered again for a message that is too old to be replayed.
    const { stream } = entry.item;
    reached(stream, cursor(stream) ?? 0);
  }

  function delay(entry: Entry, error?: ParleyError) {
    const { stream } = entry.item;
    entry.refusals += 1;
    const ms =
      error?.retryAfterMs ??
      delayMs(retryBackoff, entry.refusals - 1, env.random());
    delays.start(stream, ms);
  }

  function fail(entry: Entry, failure: OutboxFailure) {
    suspects.delete(entry);
    put({ ...entry.item, failure });
  }

  function discard(cid: string) {
    const entry = queue.find(cid);
    if (!entry?.item.failure) return;
    remove(entry);
    tell({ kind: "dropped", cid });
  }

  function reached(stream: string, head: number) {
    for (const entry of [...acknowledgedOnes]) {
      const { item, seq } = entry;
      if (item.stream === stream && seq <= head) stored(entry, seq);
    }
  }

  /** A tab that begins at a later head gets no event of it, only this word. */
  function stored(entry: Entry, seq: number) {
    remove(entry);
    tell({ kind: "stored", cid: entry.item.cid, seq });
  }

  /** From the storage or from another tab. */
  function adopt(item: OutboxItem) {
    if (isWiped || finished.has(item.cid)) return;
    const known = queue.find(item.cid)?.item;
    if (known === undefined || !isOlder(item, known)) queue.put(item);
    lastOrder = Math.max(lastOrder, item.order);
  }

  function restored(items: readonly OutboxItem[] | null) {
    env.clearTimer(patience);
    isRestored = true;
    for (const item of items ?? []) {
      // What is known here already is newer than what was read.
      if (!queue.find(item.cid)) adopt(item);
    }
    putBehind(items?.at(-1)?.order ?? 0);
    store.begin();
    for (const stream of queue.streams()) changed(stream);
    pump();
  }

  /** What happened before the storage had answered is newer than that. */
  function putBehind(last: number) {
    for (const { item, phase } of early?.written ?? []) {
      if (phase !== "waiting" || item.order > last) continue;
      put({ ...item, order: nextOrder() });
    }
    for (const [cid, seq] of early?.stored ?? []) {
      const entry = queue.find(cid);
      if (entry) acknowledged(entry, seq);
    }
    early = null;
  }

  return {
    pump,
    reached,
    restored,
    add(stream, text) {
      const cid = makeCid(env);
      const item = { cid, stream, text, at: env.now(), order: nextOrder() };
      const entry = put({ ...item, failure: null });
      early?.written.push(entry);
      pump();
      return cid;
    },
    retry(cid) {
      const entry = queue.find(cid);
      const failure = entry?.item.failure;
      if (!entry || !failure) return;
      // A cid that was refused for good stays out of the log, for ever (D-4).
      const again = failure.mayBeStored ? cid : nextCid(env, cid);
      const fresh = { at: env.now(), order: nextOrder(), failure: null };
      const next = put({ ...entry.item, ...fresh, cid: again });
      if (next !== entry) discard(cid);
      pump();
    },
    discard,
    pending: (stream) => queue.rows(stream),
    confirm(cid, seq) {
      const entry = queue.find(cid);
      // Another tab may have written it, and its word come later.
      finished.add(cid);
      if (entry === undefined) return;
      // It was about to be tried again: what stands behind it need not wait.
      if (entry.phase === "waiting") delays.end(entry.item.stream);
      stored(entry, seq);
      pump();
    },
    restoring() {
      isRestored = false;
      env.clearTimer(patience);
      patience = env.setTimer(restoreMsMax, () => {
        isRestored = true;
        store.begin();
        pump();
      });
    },
    heard(news) {
      switch (news.kind) {
        case "kept":
          adopt(news.item);
          store.learn(queue.find(news.item.cid)?.item ?? news.item);
          changed(news.item.stream);
          break;
        case "stored":
        case "acknowledged": {
          const entry = queue.find(news.cid);
          if (entry) acknowledged(entry, news.seq);
          else early?.stored.set(news.cid, news.seq);
          break;
        }
        case "dropped": {
          const entry = queue.find(news.cid);
          if (entry) remove(entry);
          else finished.add(news.cid);
          break;
        }
        case "asked":
          for (const [cid, item] of store.unwritten()) {
            tell(item ? { kind: "kept", item } : { kind: "dropped", cid });
          }
          break;
        case "sending":
          break;
      }
      pump();
    },
    forgotten() {
      for (const entry of [...acknowledgedOnes]) enter(entry, "waiting");
    },
    open() {
      isOpen = true;
      delays.endAll();
      pump();
    },
    close() {
      isOpen = false;
      delays.endAll();
      parts.needed(false);
    },
    wipe() {
      isWiped = true;
      isOpen = false;
      delays.endAll();
      env.clearTimer(patience);
      for (const stream of queue.streams()) {
        for (const entry of [...queue.line(stream)]) queue.remove(entry);
        changed(stream);
      }
    },
  };
}
