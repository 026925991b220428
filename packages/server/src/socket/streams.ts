import {
  closeCodes,
  limits,
  ParleyError,
  type CheckedParams,
  type CommandResult,
} from "@parley/protocol";
import { eventsTopic, presenceTopic, signalsTopic } from "../rooms/topics.ts";
import { aTurn } from "../store/gathered.ts";
import { inboxOf, streamKey } from "../store/stream-keys.ts";
import {
  catchUp,
  isAllowed,
  levelNow,
  mayRead,
  recallAll,
  type Cursor,
} from "./catch-up.ts";
import type { Connection } from "./connection.ts";
import { reportHandshake } from "./handshake-report.ts";
import { inPieces } from "./in-pieces.ts";

// The questions about streams: hello, follow, unfollow, history.

/** Welcomes a client and brings all its streams level. */
export async function hello(
  connection: Connection,
  { cursors, epoch, features = [] }: CheckedParams<"hello">,
  id: number,
): Promise<undefined> {
  if (connection.isGreeted) throw new ParleyError("already_greeted");
  connection.isGreeted = true;
  const { surroundings } = connection;
  const { config, people } = surroundings;
  const { store } = surroundings.commands;

  const wanted: Cursor[] = Object.entries(cursors).map(([name, at]) => ({
    name,
    stream: streamKey(connection.person, name),
    at,
    isOtherEpoch:
      epoch !== undefined && epoch !== null && epoch !== store.epoch,
  }));
  const count = people.connectionCount(connection.person);
  if (config.limits && count >= config.connectionsPerPersonMax) {
    connection.close(closeCodes.overCapacity, "over_capacity");
    return undefined;
  }
  if (!(await enter(connection, wanted.map(streamOf)))) return undefined;

  const ready = JSON.stringify({ type: "ready", id });
  const first = levelMany(connection, wanted, {
    id,
    frame: [welcome(connection, id, features)],
  });
  if (first.behind.length === 0) first.frame.push(ready);
  for (const piece of inPieces(first.frame)) connection.send(piece);
  if (first.behind.length === 0) return undefined;
  await connection.inTurn(surroundings.comingBack, async () => {
    for (const cursor of await levelRest(connection, first.behind, id)) {
      await catchUp(connection, cursor, id);
    }
  });
  connection.send([ready]);
  return undefined;
}

/**
 * Adds what is at hand of these streams to the frame, and the heads at which
 * they are now live; the others are left behind.
 */
function levelMany(
  connection: Connection,
  wanted: readonly Cursor[],
  { id, frame }: { id: number; frame: string[] },
): { frame: string[]; behind: Cursor[] } {
  const heads: Record<string, number> = {};
  const behind: Cursor[] = [];
  let length = 0;
  for (const cursor of wanted) {
    const start = frame.length;
    // More than a portion in one turn could cut the socket: the rest waits.
    const head =
      length < limits.frameBytes
        ? levelNow(connection, cursor, frame)
        : undefined;
    for (const text of frame.slice(start)) length += text.length;
    if (head === undefined) behind.push(cursor);
    else heads[cursor.name] = head;
  }
  if (Object.keys(heads).length > 0) {
    frame.push(JSON.stringify({ type: "live", id, heads }));
  }
  return { frame, behind };
}

/**
 * Those that were not at hand, after what they miss was read in one go; a
 * portion of them at a time. Answers which have to be caught up one by one.
 */
async function levelRest(
  connection: Connection,
  behind: Cursor[],
  id: number,
): Promise<Cursor[]> {
  await recallAll(connection, behind);
  for (;;) {
    await connection.room();
    if (connection.isClosed()) return behind;
    const before = behind.length;
    const level = levelMany(connection, behind, { id, frame: [] });
    for (const piece of inPieces(level.frame)) connection.send(piece);
    behind = level.behind;
    if (behind.length === before || behind.length === 0) return behind;
    await aTurn();
  }
}

/**
 * Makes the person present and opens what they want to follow. Answers whether
 * the connection is still there and still theirs.
 */
async function enter(
  connection: Connection,
  wanted: readonly string[],
): Promise<boolean> {
  const { person, session, surroundings } = connection;
  const { feeds, people, presence, sessions } = surroundings;
  people.arrive(connection);
  // The inbox is heard even if the client does not follow it: it tells when a
  // person is taken out of a room or signed out. It is open before the store is
  // asked about either, so that no such word falls in between.
  // Awaited only where a feed is not open yet: in a storm most are, and then
  // all of hello happens in this one turn.
  const opening = [inboxOf(person), ...wanted]
    .map((stream) => feeds.open(stream))
    .filter((feed) => feed instanceof Promise);
  if (opening.length > 0) await Promise.all(opening);
  // Another device may have come before feeds were opened that this one wants.
  const newest = Math.max(
    0,
    ...wanted.map((stream) => feeds.peek(stream)?.moment ?? 0),
  );
  const [holds] = await Promise.all([
    session !== undefined && sessions.confirm(session),
    people.known(person, newest),
  ]);
  if (!holds) connection.endSession();
  const isThere = holds && !connection.isClosed();
  if (isThere) presence.arrived(person);
  return isThere;
}

/** One more stream on a connection that is open already. */
export async function follow(
  connection: Connection,
  { stream: name, cursor: at }: CheckedParams<"follow">,
  id: number,
): Promise<undefined> {
  // Each stream has two topics, and there are some besides.
  if (connection.topics.length >= 2 * limits.streamsPerConnection) {
    throw new ParleyError("too_many_streams");
  }
  const stream = streamKey(connection.person, name);
  await catchUp(connection, { name, stream, at, isOtherEpoch: false }, id);
  return undefined;
}

export async function unfollow(
  connection: Connection,
  { stream: name }: CheckedParams<"unfollow">,
): Promise<CommandResult<"unfollow">> {
  const stream = streamKey(connection.person, name);
  connection.unsubscribe(eventsTopic(stream));
  connection.unsubscribe(signalsTopic(stream));
  connection.unsubscribe(presenceTopic(stream));
  return Promise.resolve({ stream: name });
}

/** A hole that a client found, from the store. */
export async function history(
  connection: Connection,
  { stream: name, after, upTo }: CheckedParams<"history">,
  id: number,
): Promise<undefined> {
  const { store } = connection.surroundings.commands;
  const stream = streamKey(connection.person, name);
  if (!(await isAllowed(connection, stream)))
    throw new ParleyError("not_found");
  if (upTo < after || upTo - after > limits.historyEvents) {
    throw new ParleyError("invalid_seq");
  }
  const head = (await store.reads.heads([stream])).get(stream) ?? 0;
  if (upTo > head) throw new ParleyError("invalid_seq");
  const found = await store.reads.eventsAfter(stream, {
    after,
    upTo,
    max: limits.historyEvents,
  });
  // Removed while the store was read, or without a word having come here yet.
  const isStillIn =
    stream === inboxOf(connection.person) ||
    (await store.reads.isMember(connection.person, stream));
  if (!isStillIn || !mayRead(connection, stream)) {
    throw new ParleyError("not_found");
  }
  // One portion; who needs more asks again from its end.
  const [events = []] = inPieces(
    found.map(({ event }) => JSON.stringify(event)),
  );
  const rest = JSON.stringify({ type: "events", id, stream: name });
  connection.answer(`${rest.slice(0, -1)},"events":[${events.join(",")}]}`);
  await connection.room();
  return undefined;
}

function streamOf({ stream }: Cursor): string {
  return stream;
}

function welcome(
  connection: Connection,
  id: number,
  features: readonly string[],
): string {
  const { commands, config, node, place } = connection.surroundings;
  const handshake = connection.handshake;
  connection.handshake = undefined;
  return JSON.stringify({
    type: "welcome",
    id,
    epoch: commands.store.epoch,
    me: connection.person,
    server: place.settings.name,
    ...(node ? { node } : {}),
    now: commands.store.now(),
    pingMs: limits.pingMs,
    limits: {
      frameBytes: limits.frameBytes,
      textCodePoints: limits.textCodePoints,
      replayEvents: config.replayEvents,
      streams: limits.streamsPerConnection,
    },
    ...(handshake && features.includes("handshake")
      ? { handshake: reportHandshake(handshake) }
      : {}),
  });
}
