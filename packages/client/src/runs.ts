import type { Hole, Message, Run, Timeline } from "./state.ts";

// What is known of a log: runs, ascending, disjoint and never adjacent, so that
// between two of them there is always a hole (V-2).

/** All runs of a timeline, the newest last. */
export function runsOf({ older, from, to, messages }: Timeline): Run[] {
  return [...older, { from, to, messages }];
}

/** What is missing between the runs, from the oldest to the newest. */
export function holesOf({ older, from }: Timeline): Hole[] {
  return older.map(({ to }, index) => ({
    after: to,
    upTo: (older[index + 1]?.from ?? from) - 1,
  }));
}

/** Where what is known begins. */
export function oldestOf({ older, from }: Timeline): number {
  return older[0]?.from ?? from;
}

/** Whether this number lies in one of the runs. */
export function isKnown(timeline: Timeline, seq: number): boolean {
  return runsOf(timeline).some(({ from, to }) => from <= seq && seq <= to);
}

/** Whether nothing would be missing between the two. */
export function touches(one: Run, other: Run): boolean {
  return one.from <= other.to + 1 && other.from <= one.to + 1;
}

/**
 * The runs with one more, which closes up with all that it touches. A message
 * that was known stays the same object, so that its row need not be redrawn;
 * unless it turns out to be deleted.
 */
export function withRun(runs: readonly Run[], added: Run): Run[] {
  const met = runs.filter((run) => touches(run, added));
  const isKnown = ({ seq }: Message) =>
    met.some(({ from, to }) => from <= seq && seq <= to);
  const news = added.messages.filter((message) => !isKnown(message));
  const deleted = new Map(
    added.messages
      .filter((message) => message.deleted)
      .map((message) => [message.seq, message]),
  );
  const known = met.flatMap((run) => run.messages);
  const messages = [
    ...known.map((one) => (one.deleted ? one : (deleted.get(one.seq) ?? one))),
    ...news,
  ];
  const union: Run = {
    from: Math.min(added.from, ...met.map(({ from }) => from)),
    to: Math.max(added.to, ...met.map(({ to }) => to)),
    messages: messages.sort((one, other) => one.seq - other.seq),
  };
  return [
    ...runs.filter((run) => run.to + 1 < added.from),
    union,
    ...runs.filter((run) => run.from > added.to + 1),
  ];
}

/** The newest messages of the runs; each run stays one. */
export function newestOf(runs: readonly Run[], messagesMax: number): Run[] {
  const kept: Run[] = [];
  let left = messagesMax;
  for (const run of [...runs].reverse()) {
    // The newest run stays also without a message: live events continue it.
    if (left === 0 && kept.length > 0) break;
    const messages = run.messages.slice(-left);
    const isWhole = messages.length === run.messages.length;
    const from = isWhole ? run.from : (messages[0]?.seq ?? run.from);
    kept.unshift(isWhole ? run : { ...run, from, messages });
    left -= messages.length;
  }
  return kept;
}
