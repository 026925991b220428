import type { Message, PendingMessage, Timeline } from "./state.ts";
import type { Page } from "./http.ts";

// A timeline is one contiguous run of a stream (V-2). Whatever arrives, in
// whatever order, makes the run longer or is left out; it never gets a hole.

/** Rows kept of a room that nobody looks at; more are cut back to half. */
const rowsMaxUnseen = 400;

/** Nothing is known yet but where new messages will continue. */
export function timelineAfter(
  head: number,
  pending: readonly PendingMessage[] = [],
): Timeline {
  return {
    status: "unloaded",
    messages: [],
    from: head + 1,
    to: head,
    isLoadingOlder: false,
    pending,
  };
}

/**
 * The next number of the stream, with its message if it is one. A number that
 * a page has brought already, or one before the run, changes no row.
 */
export function withNext(
  timeline: Timeline,
  seq: number,
  message: Message | null,
): Timeline {
  if (seq !== timeline.to + 1) return timeline;
  const messages = message
    ? [...timeline.messages, message]
    : timeline.messages;
  return { ...timeline, messages, to: seq };
}

/**
 * Joins a page to the run. A page that does not touch it would leave a hole:
 * then the newer one stays, because it is the one that new messages continue.
 */
export function withPage(timeline: Timeline, page: Page): Timeline {
  const touches = page.from <= timeline.to + 1 && page.to >= timeline.from - 1;
  if (!touches)
    return page.to < timeline.from ? timeline : only(timeline, page);
  const before = page.messages.filter(({ seq }) => seq < timeline.from);
  const after = page.messages.filter(({ seq }) => seq > timeline.to);
  const messages = [...before, ...timeline.messages, ...after];
  return confirmed({
    ...timeline,
    messages,
    from: Math.min(page.from, timeline.from),
    to: Math.max(page.to, timeline.to),
  });
}

/** The page instead of what was there, as after a `reset`. */
export function only(timeline: Timeline, page: Page): Timeline {
  const { from, to, messages } = page;
  return confirmed({ ...timeline, from, to, messages });
}

/** Forgets the oldest rows of a room that is not looked at. */
export function trimmed(timeline: Timeline): Timeline {
  const { messages } = timeline;
  if (messages.length <= rowsMaxUnseen) return timeline;
  const kept = messages.slice(-rowsMaxUnseen / 2);
  return { ...timeline, messages: kept, from: kept[0]?.seq ?? timeline.from };
}

/** A pending row gives way to the stored one with its cid (V-1). */
export function confirmed(timeline: Timeline): Timeline {
  const { messages } = timeline;
  const pending = timeline.pending.filter(
    ({ cid }) => !messages.some((message) => message.cid === cid),
  );
  return pending.length === timeline.pending.length
    ? timeline
    : { ...timeline, pending };
}

/** The same for one message, whether or not its row is in the run. */
export function withoutPending(timeline: Timeline, cid: string): Timeline {
  const pending = timeline.pending.filter((row) => row.cid !== cid);
  return pending.length === timeline.pending.length
    ? timeline
    : { ...timeline, pending };
}
