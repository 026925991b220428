import { limits, type AnswerOf } from "@parley/protocol";
import type { RecentEvent, RecentPage } from "../rooms/recent-events.ts";
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
  /**
   * It has been found near enough to be replayed to. Judged once: a room that
   * grows faster than it is replayed is caught up all the same.
   */
  isNear?: boolean;
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
  if (!cursor.isNear && isFar(connection, feed, cursor.at)) return undefined;
  if (!isSure(connection, feed)) return undefined;
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
  let isReset = false;
  for (;;) {
    await connection.room();
    const feed = await feeds.open(stream);
    if (connection.isClosed()) return;
    // Asked after every wait: they may have been removed meanwhile.
    if (feed !== undefined && !isSure(connection, feed)) {
      await connection.surroundings.people.known(
        connection.person,
        feed.moment,
      );
      if (connection.isClosed()) return;
    }
    if (feed === undefined || !(await isAllowed(connection, stream))) {
      connection.send([JSON.stringify({ type: "gone", id, stream: name })]);
      return;
    }
    const reason = cursor.isNear
      ? undefined
      : await reasonToReset(connection, feed, cursor);
    if (reason !== undefined) {
      const head = await sendReset(connection, feed, { name, reason, id });
      if (head === undefined) continue;
      cursor.at = head;
      cursor.isOtherEpoch = false;
      isReset = true;
    }
    cursor.isNear = true;
    const frame: string[] = [];
    const head = levelNow(connection, cursor, frame);
    if (head === undefined) {
      const at = cursor.at ?? 0;
      const isAtHand = await feed.recall(at);
      if (!isAtHand) cursor.at = await sendPage(connection, feed, at);
      continue;
    }
    if (!isReset) {
      frame.push(JSON.stringify({ type: "live", id, heads: { [name]: head } }));
    }
    for (const piece of inPieces(frame)) connection.send(piece);
    return;
  }
}

/**
 * Reads what these streams miss in one go with what others want in this turn,
 * so that being behind in fifty streams is not fifty questions.
 */
export async function recallAll(
  connection: Connection,
  cursors: readonly Cursor[],
): Promise<void> {
  const { feeds } = connection.surroundings;
  const recalls: Promise<unknown>[] = [];
  for (const cursor of cursors) {
    const { stream, at, isOtherEpoch } = cursor;
    const feed = feeds.get(stream);
    if (feed === undefined || !mayRead(connection, stream)) continue;
    const isKnown = at !== null && !isOtherEpoch && at <= feed.last;
    const isNear = isKnown && !isFar(connection, feed, at);
    // An inbox that is reset has no page.
    if (!isNear && stream === inboxOf(connection.person)) continue;
    if (isNear) cursor.isNear = true;
    const from = isNear ? at : newestPageOf(feed);
    recalls.push(feed.recall(from));
  }
  await Promise.all(recalls);
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

/**
 * Whether what is known here of who may read is newer than the feed. It tells
 * of everybody who is taken out from its beginning on; of an earlier removal
 * the word may still be on its way.
 */
function isSure(
  { person, surroundings }: Connection,
  { stream, moment }: StreamFeed,
): boolean {
  return (
    stream === inboxOf(person) ||
    surroundings.people.isKnownSince(person, moment)
  );
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

/** Too far behind to be replayed to. */
function isFar(
  { surroundings }: Connection,
  { last }: StreamFeed,
  at: number,
): boolean {
  return last - at > surroundings.config.replayEvents;
}

/** The number before the page from which one starts anew. */
function newestPageOf({ last }: StreamFeed): number {
  return Math.max(0, last - limits.resetEvents);
}

async function reasonToReset(
  connection: Connection,
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
  return isFar(connection, feed, at) ? "far" : undefined;
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
  const { reads } = connection.surroundings.feeds;
  const { person } = connection;
  const { stream } = feed;
  const isInbox = name === "inbox";
  const { head, text, authors } = isInbox
    ? { head: feed.last, text: "", authors: [] }
    : await newestPage(connection, feed);
  const [people, room] = await Promise.all([
    Promise.all(authors.map((id) => reads.person(id))),
    isInbox ? undefined : reads.standing({ person, stream, upTo: head }),
  ]);
  if (!isInbox && room === undefined) {
    // The store knows better than what was heard here: after a sleep, say.
    connection.surroundings.people.left(connection.person, stream);
  }
  if (!mayRead(connection, stream)) return undefined;
  const rest = JSON.stringify({
    type: "reset",
    id,
    stream: name,
    reason,
    head,
    ...(room ? { read: room.read, unread: room.unread } : {}),
    people: people.filter((one) => one !== undefined),
  });
  connection.send([`${rest.slice(0, -1)},"events":[${text}]}`]);
  return head;
}

/** The page from which one starts anew: made once for all who do (P13). */
async function newestPage(
  connection: Connection,
  feed: StreamFeed,
): Promise<RecentPage & { head: number }> {
  await feed.recall(newestPageOf(feed));
  const { recent, last: head } = feed;
  const after = newestPageOf(feed);
  if (feed.covers(after)) {
    return { head, ...recent.page(() => asPage(feed.after(after))) };
  }
  const { reads } = connection.surroundings.feeds;
  const found = await reads.events(feed.stream, () => ({ after, upTo: head }));
  const events = found.map((committed) => {
    // One may have been deleted since the question was asked (E-2).
    const { event } = recent.asKnown(committed);
    return { text: JSON.stringify(event), by: event.by };
  });
  return { head, ...asPage(events) };
}

/** As many of the newest as fit into one portion; one at least. */
function asPage(
  events: readonly Pick<RecentEvent, "text" | "by">[],
): RecentPage {
  const newestFirst = events.map(({ text }) => text).reverse();
  const count = inPieces(newestFirst)[0]?.length ?? 0;
  const newest = events.slice(events.length - count);
  return {
    text: newest.map(({ text }) => text).join(","),
    authors: [...new Set(newest.map(({ by }) => by))],
  };
}

/** The next events after `at`, up to what this node has published; returns the last seq. */
async function sendPage(
  connection: Connection,
  feed: StreamFeed,
  at: number,
): Promise<number> {
  const { reads } = connection.surroundings.feeds;
  const page = await reads.events(feed.stream, () => ({
    after: at,
    upTo: Math.min(feed.last, at + replayPage),
  }));
  let sent = 0;
  for (const piece of inPieces(
    page.map((committed) =>
      JSON.stringify(feed.recent.asKnown(committed).event),
    ),
  )) {
    if (sent > 0) await connection.room();
    // Removed in the meantime: they are told so, and nothing else.
    if (!mayRead(connection, feed.stream)) break;
    connection.send(piece);
    sent += piece.length;
  }
  return page[sent - 1]?.event.seq ?? at;
}
