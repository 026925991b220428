import type { Event } from "@parley/protocol";
import type { CommittedEvent } from "../store/store.ts";

/** An event as the store hands it out; a message if not said otherwise. */
export function committed(
  stream: string,
  seq: number,
  what: Partial<Event> & { text?: string } = {},
): CommittedEvent {
  const by = "u_author0000";
  const event = {
    type: "message.posted",
    text: `${seq}`,
    at: seq,
    by,
    ...what,
  };
  return {
    stream,
    event: { ...event, stream, seq } as unknown as Event,
    author: "Author",
  };
}
