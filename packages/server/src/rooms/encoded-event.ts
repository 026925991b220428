import type { CommittedEvent } from "../store/store.ts";

/** An event as everybody gets it. */
export interface EncodedEvent {
  seq: number;
  text: string;
  /** Length of `text` in UTF-8. */
  bytes: number;
  by: string;
  /** Whom this event takes out of the stream, if it does. */
  removes: string | undefined;
  /** Which message of the stream it takes the text of, if it does. */
  deletes: number | undefined;
  committed: CommittedEvent;
}

export function encode(committed: CommittedEvent): EncodedEvent {
  const { event } = committed;
  const text = JSON.stringify(event);
  return {
    seq: event.seq,
    text,
    bytes: Buffer.byteLength(text),
    by: event.by,
    removes: event.type === "member.left" ? event.person : undefined,
    deletes: event.type === "message.deleted" ? event.message : undefined,
    committed,
  };
}
