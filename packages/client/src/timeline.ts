import { newestOf, runsOf, touches, withRun } from "./runs.ts";
import type { Message, PendingMessage, Run, Timeline } from "./state.ts";

// A timeline is the newest run of a stream, which live events continue, and the
// older ones beside it. Whatever arrives, in whatever order, makes a run longer,
// is a newer run, or is left out: no run ever gets a hole (V-2).

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
    older: [],
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
 * Joins a page to the runs that it touches. One that is newer than all of them
 * is the newest run now, with a hole before it (V-3). One that stands apart
 * further back was asked for by a timeline that is no more, and is left out.
 */
export function withPage(timeline: Timeline, page: Run): Timeline {
  const runs = runsOf(timeline);
  const isNewest = page.from > timeline.to;
  const isWanted = isNewest || runs.some((run) => touches(run, page));
  return isWanted ? withRuns(timeline, withRun(runs, page)) : timeline;
}

/** The same for one that was asked for where nothing is known yet. */
export function withPart(timeline: Timeline, page: Run): Timeline {
  return withRuns(timeline, withRun(runsOf(timeline), page));
}

/** The page instead of what was there: nothing of that holds any more. */
export function only(timeline: Timeline, page: Run): Timeline {
  return withRuns(timeline, [page]);
}

/** Forgets the oldest rows of a room that is not looked at. */
export function trimmed(timeline: Timeline): Timeline {
  const runs = runsOf(timeline);
  const rows = runs.reduce((sum, { messages }) => sum + messages.length, 0);
  if (rows <= rowsMaxUnseen) return timeline;
  return withRuns(timeline, newestOf(runs, rowsMaxUnseen / 2));
}

/** The newest run alone. */
export function withoutOlder(timeline: Timeline): Timeline {
  return { ...timeline, older: [] };
}

function withRuns(timeline: Timeline, runs: readonly Run[]): Timeline {
  const newest = runs.at(-1);
  if (newest === undefined) return timeline;
  // Without a message, an older run would only make two holes of one.
  const older = runs.slice(0, -1).filter(({ messages }) => messages.length > 0);
  const { from, to, messages } = newest;
  return confirmed({ ...timeline, from, to, messages, older });
}

/** A pending row gives way to the stored one with its cid (V-1). */
export function confirmed(timeline: Timeline): Timeline {
  const runs = runsOf(timeline);
  const pending = timeline.pending.filter(
    ({ cid }) =>
      !runs.some(({ messages }) => messages.some((row) => row.cid === cid)),
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

/** The message with this number is deleted: its row stays, empty. */
export function withoutText(timeline: Timeline, seq: number): Timeline {
  const { messages, older } = timeline;
  const [first = Infinity] = messages.map((message) => message.seq);
  if (seq >= first) return { ...timeline, messages: emptied(messages, [seq]) };
  return {
    ...timeline,
    older: older.map((run) =>
      run.from <= seq && seq <= run.to
        ? { ...run, messages: emptied(run.messages, [seq]) }
        : run,
    ),
  };
}

/** These messages without what was said in those that are deleted. */
export function emptied(
  messages: readonly Message[],
  deleted: readonly number[],
): readonly Message[] {
  const isHere = messages.some(({ seq }) => deleted.includes(seq));
  if (!isHere) return messages;
  return messages.map((message) =>
    deleted.includes(message.seq)
      ? { ...message, text: "", deleted: true }
      : message,
  );
}
