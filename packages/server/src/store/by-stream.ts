import type { CommittedEvent } from "./store.ts";

/** The events of a commit, each stream's in its order. */
export function byStream(
  events: readonly CommittedEvent[],
): Map<string, CommittedEvent[]> {
  const streams = new Map<string, CommittedEvent[]>();
  for (const event of events) {
    const ofStream = streams.get(event.stream);
    if (ofStream) ofStream.push(event);
    else streams.set(event.stream, [event]);
  }
  return streams;
}
