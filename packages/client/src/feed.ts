import type { Event } from "@parley/protocol";
import { applyEvent } from "./apply-event.ts";
import { cursorOf } from "./chat-model.ts";
import { placeOf, repairOf } from "./cursors.ts";
import type { LiveModel } from "./live-model.ts";
import type { Outcome, Question } from "./requests.ts";

export interface Feed {
  /** An event from the server, live or replayed. */
  arrive(event: Event): void;
  /** The server says that we have the stream up to its head, which is this. */
  level(stream: string, head: number): void;
  /** A stream was replaced by a page: go on from its new cursor. */
  restarted(stream: string): void;
  /** The connection is gone; the next hello asks for what is missing. */
  down(): void;
}

/** More than this behind a hole is not kept: it is asked for again. */
const heldMax = 1_000;

/**
 * The one door for events: each stream in order, nothing twice, nothing left
 * out. What comes too early waits until the hole before it is filled.
 */
export function createFeed(parts: {
  model: LiveModel;
  ask: (question: Question, done: (outcome: Outcome) => void) => void;
  /** Follows the stream again from its cursor; `level` or `restarted` comes. */
  follow: (stream: string) => void;
  applied: (event: Event) => void;
  /** What the server says cannot be: a reconnect has to sort it out. */
  garbled: () => void;
}): Feed {
  const { model, ask, applied } = parts;
  const held = new Map<string, Map<number, Event>>();
  /** The highest number known to exist, for streams that are behind it. */
  const heads = new Map<string, number>();
  const repairing = new Map<string, "history" | "follow">();

  function arrive(event: Event) {
    const { stream, seq } = event;
    const cursor = cursorOf(model.now(), stream);
    // Not ours (any more): such an event may still be on its way after a leave.
    if (cursor === undefined) return;
    switch (placeOf(seq, cursor)) {
      case "known":
        break;
      case "next":
        apply(event);
        if (heads.has(stream)) check(stream);
        break;
      case "ahead":
        hold(event);
        check(stream);
        break;
    }
  }

  function apply(event: Event) {
    model.change((now) => applyEvent(now, event));
    applied(event);
  }

  function hold(event: Event) {
    const { stream, seq } = event;
    const waiting = held.get(stream) ?? new Map<number, Event>();
    if (waiting.size < heldMax) held.set(stream, waiting.set(seq, event));
    note(stream, seq);
  }

  function note(stream: string, head: number) {
    heads.set(stream, Math.max(head, heads.get(stream) ?? 0));
  }

  /** Applies what has waited for its turn; starts a repair if more is missing. */
  function check(stream: string) {
    release(stream);
    const cursor = cursorOf(model.now(), stream) ?? Infinity;
    if (cursor >= (heads.get(stream) ?? 0)) {
      heads.delete(stream);
      held.delete(stream);
    } else if (!repairing.has(stream)) repair(stream, cursor);
  }

  function release(stream: string) {
    const waiting = held.get(stream);
    if (waiting === undefined) return;
    for (;;) {
      const cursor = cursorOf(model.now(), stream);
      const next = cursor === undefined ? undefined : waiting.get(cursor + 1);
      if (next === undefined) return;
      waiting.delete(next.seq);
      apply(next);
    }
  }

  function repair(stream: string, cursor: number) {
    const later = [...(held.get(stream)?.keys() ?? [])].filter(
      (seq) => seq > cursor,
    );
    const end = Math.min(heads.get(stream) ?? Infinity, ...later.map(before));
    const how = repairOf(cursor, end);
    if (how.kind === "follow") {
      followAgain(stream);
      return;
    }
    const { after, upTo } = how;
    repairing.set(stream, "history");
    ask({ type: "history", stream, after, upTo }, (outcome) => {
      if (outcome.status === "lost") return;
      if (outcome.status === "answered") {
        const events = (outcome.frame["events"] ?? []) as readonly Event[];
        for (const event of events) arrive(event);
      }
      repairing.delete(stream);
      const isClosed = (cursorOf(model.now(), stream) ?? upTo) >= upTo;
      if (isClosed) check(stream);
      else followAgain(stream);
    });
  }

  function followAgain(stream: string) {
    repairing.set(stream, "follow");
    parts.follow(stream);
  }

  return {
    arrive,
    level(stream, head) {
      note(stream, head);
      release(stream);
      if (repairing.get(stream) !== "follow") {
        check(stream);
        return;
      }
      repairing.delete(stream);
      const cursor = cursorOf(model.now(), stream) ?? Infinity;
      // Followed from the cursor, told that nothing is missing, and it is.
      if (cursor < (heads.get(stream) ?? 0)) parts.garbled();
      else check(stream);
    },
    restarted(stream) {
      repairing.delete(stream);
      check(stream);
    },
    down() {
      held.clear();
      heads.clear();
      repairing.clear();
    },
  };
}

function before(seq: number): number {
  return seq - 1;
}
