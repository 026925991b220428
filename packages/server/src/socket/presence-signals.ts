import { limits, type FrameObject } from "@parley/protocol";
import { eventsTopic, presenceTopic, watchedRoom } from "../rooms/topics.ts";
import type { Connection } from "./connection.ts";
import { inPieces } from "./in-pieces.ts";

/** Of these signals a connection may send so many … */
const signalsMax = 20;

/** … in so many seconds. */
const withinSeconds = 10;

/** How one is here, or of which rooms one wants to know who is. */
export function takePresence(
  connection: Connection,
  { state, watch }: FrameObject,
): void {
  if (!isInTime(connection)) return;
  if (state === "online" || state === "away") {
    connection.isAway = state === "away";
    connection.surroundings.presence.changed(connection.person);
  }
  if (Array.isArray(watch)) connection.watch(watch);
}

/**
 * From here on the connection watches these rooms and no others, as far as it
 * follows them and may. Nothing of it is kept but in Bun's topics; whoever is
 * taken out of a room loses that one with the others.
 */
export function watchRooms(
  connection: Connection,
  asked: readonly unknown[],
): void {
  const { presence } = connection.surroundings;
  const topics = new Set(connection.topics);
  const wanted = new Set<string>();
  for (const stream of asked.slice(0, limits.watchedRooms)) {
    if (isReadable(connection, topics, stream)) wanted.add(stream);
  }
  for (const topic of topics) {
    const stream = watchedRoom(topic);
    if (stream === undefined) continue;
    if (!wanted.delete(stream)) connection.unsubscribe(topic);
  }
  const wholes: string[] = [];
  for (const stream of wanted) {
    const whole = presence.watch(stream);
    connection.subscribe(presenceTopic(stream));
    if (whole !== undefined) wholes.push(whole);
  }
  for (const piece of inPieces(wholes)) connection.send(piece);
}

function isReadable(
  { person, surroundings }: Connection,
  topics: ReadonlySet<string>,
  stream: unknown,
): stream is string {
  return (
    typeof stream === "string" &&
    surroundings.people.isIn(person, stream) &&
    // By the events of the room it is heard who comes and goes.
    topics.has(eventsTopic(stream))
  );
}

/** A client of ours says something when it changes; each answer may be long. */
function isInTime(connection: Connection): boolean {
  const { seconds } = connection.surroundings.clock;
  if (seconds - connection.presenceSince >= withinSeconds) {
    connection.presenceSince = seconds;
    connection.presenceSignals = 0;
  }
  connection.presenceSignals += 1;
  return connection.presenceSignals <= signalsMax;
}
