import { limits, type AnswerOf, type Event } from "@parley/protocol";
import type { StreamFeed } from "../rooms/stream-feed.ts";
import { eventsTopic, signalsTopic } from "../rooms/topics.ts";
import { inboxOf } from "../store/stream-keys.ts";
import type { Connection } from "./connection.ts";
import { inPieces } from "./in-pieces.ts";

/** Where a client stands in a stream. */
export interface Cursor {
  /** The stream's name on the wire … */
  name: string;
  /** … and here. */
  stream: string;
  /** The last seq the client has; null for a fresh page. */
  at: number | null;
  /** The client's numbers are of a log that is no more. */
  isOtherEpoch: boolean;
}

/** Events per read of a replay. */
const replayPage = 100;

type ResetReason = AnswerOf<"reset">["reason"];

/**
 * The last step of a resume, and the only one in most cases: when what is
 * missing is at hand, it goes into `frame` and the socket is subscribed in the
 * same turn. Nothing can be published in between, so there is neither hole nor
 * repeat (S-1). Returns the head, or undefined when more has to be done.
 */
export function levelNow(
  connection: Connection,
  cursor: Cursor,
  frame: string[],
): number | undefined {
  const { feeds } = connection.surroundings;
  if (cursor.at === null || cursor.isOtherEpoch) return undefined;
  const feed = feeds.get(cursor.stream);
  if (!feed?.covers(cursor.at)) return undefined;
  if (!mayRead(connection, cursor.stream)) return undefined;
  for (const { text } of feed.after(cursor.at)) frame.push(text);
  feed.flush();
  subscribe(connection, cursor);
  return feed.last;
}

/**
 * Brings one stream level, however far behind, and answers `live`, `reset` or
 * `gone`. What is too far behind is never replayed in part: a page, then live.
 */
export async function catchUp(
  connection: Connection,
  cursor: Cursor,
  id: number,
): Promise<void> {
  const { feeds } = connection.surroundings;
  const { name, stream } = cursor;
  let isJudged = false;
  let isReset = false;
  for (;;) {
    await connection.room();
    const feed = await feeds.open(stream);
    if (connection.isClosed()) return;
    // Asked after every wait: they may have been removed meanwhile.
    if (feed === undefined || !(await isAllowed(connection, stream))) {
      connection.send([JSON.stringify({ type: "gone", id, stream: name })]);
      return;
    }
    const reason = isJudged ? undefined : await reasonToReset(feed, cursor);
    if (reason !== undefined) {
      const head = await sendReset(connection, feed, { name, reason, id });
      if (head === undefined) continue;
      cursor.at = head;
      cursor.isOtherEpoch = false;
      isReset = true;
    }
    // Only once: a room that grows faster than it is replayed is caught up all
    // the same.
    isJudged = true;
    const frame: string[] = [];
    const head = levelNow(connection, cursor, frame);
    if (head === undefined) {
      cursor.at = await sendPage(connection, feed, cursor.at ?? 0);
      continue;
    }
    if (!isReset) {
      frame.push(JSON.stringify({ type: "live", id, heads: { [name]: head } }));
    }
    connection.send(frame);
    return;
  }
}

/** Whether this person may read this stream now. */
export async function isAllowed(
  connection: Connection,
  stream: string,
): Promise<boolean> {
  if (mayRead(connection, stream)) return true;
  const { people, commands } = connection.surroundings;
  const { person } = connection;
  for (;;) {
    // They may have joined a moment ago through another node.
    const changes = people.changesOf(person);
    const since = await commands.store.reads.memberSince(person, stream);
    // What was heard while the store was asked may be newer than its answer.
    const isNewest = people.changesOf(person) === changes;
    if (isNewest && since !== undefined) {
      people.entered(person, stream, { roomSeq: since });
    }
    if (isNewest) return since !== undefined;
    if (mayRead(connection, stream)) return true;
  }
}

/** The same from memory, for asking in the tick in which something is sent. */
export function mayRead(
  { person, surroundings }: Connection,
  stream: string,
): boolean {
  return stream === inboxOf(person) || surroundings.people.isIn(person, stream);
}

function subscribe(connection: Connection, { name, stream }: Cursor): void {
  connection.subscribe(eventsTopic(stream));
  // Nobody types into an inbox.
  if (name !== "inbox") connection.subscribe(signalsTopic(stream));
}

async function reasonToReset(
  feed: StreamFeed,
  { at, isOtherEpoch }: Cursor,
): Promise<ResetReason | undefined> {
  if (isOtherEpoch) return "epoch";
  if (at === null) return "fresh";
  if (at > feed.last) {
    // This node may know less than the one the client came from.
    await feed.reach(at);
    if (at > feed.last) return "future";
  }
  return feed.last - at > limits.replayEvents ? "far" : undefined;
}

/**
 * The newest page of the stream; returns the seq it ends at, or undefined when
 * they were removed while it was read.
 */
async function sendReset(
  connection: Connection,
  feed: StreamFeed,
  { name, reason, id }: { name: string; reason: ResetReason; id: number },
): Promise<number | undefined> {
  const { reads } = connection.surroundings.commands.store;
  const { stream, last: head } = feed;
  const isInbox = name === "inbox";
  const found = isInbox
    ? []
    : await reads.eventsAfter(stream, {
        after: Math.max(0, head - limits.resetEvents),
        upTo: head,
        max: limits.resetEvents,
      });
  const events = newestPiece(found.map(({ event }) => event));
  const authors = new Set(events.map(({ by }) => by));
  const people = await reads.people([...authors]);
  const room = isInbox
    ? undefined
    : await reads.room(connection.person, stream, head);
  if (!isInbox && room === undefined) {
    // The store knows better than what was heard here: after a sleep, say.
    connection.surroundings.people.left(connection.person, stream);
  }
  if (!mayRead(connection, stream)) return undefined;
  connection.send([
    JSON.stringify({
      type: "reset",
      id,
      stream: name,
      reason,
      head,
      ...(room ? { read: room.read, unread: room.unread } : {}),
      events,
      people,
    }),
  ]);
  return head;
}

/** As many of the newest as fit into one portion; one at least. */
function newestPiece(events: readonly Event[]): Event[] {
  const newestFirst = events.map((event) => JSON.stringify(event)).reverse();
  const count = inPieces(newestFirst)[0]?.length ?? 0;
  return events.slice(events.length - count);
}

/** The next events after `at`, up to what this node has published; returns the last seq. */
async function sendPage(
  connection: Connection,
  feed: StreamFeed,
  at: number,
): Promise<number> {
  const { reads } = connection.surroundings.commands.store;
  const page = await reads.eventsAfter(feed.stream, {
    after: at,
    upTo: feed.last,
    max: replayPage,
  });
  let sent = 0;
  for (const piece of inPieces(
    page.map(({ event }) => JSON.stringify(event)),
  )) {
    if (sent > 0) await connection.room();
    // Removed in the meantime: they are told so, and nothing else.
    if (!mayRead(connection, feed.stream)) break;
    connection.send(piece);
    sent += piece.length;
  }
  return page[sent - 1]?.event.seq ?? at;
}
