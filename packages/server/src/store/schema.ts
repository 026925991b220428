import type { EventName, Person, RoomKind } from "@parley/protocol";

// The tables, the same on every database. Booleans are 0 and 1, JSON is text,
// times are milliseconds since 1970, so that rows are the same everywhere.

export interface Schema {
  meta: { key: string; value: string };

  people: {
    id: string;
    name: string;
    kind: Person["kind"];
    /** Shown to the person themselves only. */
    email: string;
    /** How they came: the join page, or the simple wire (which has no session). */
    origin: "page" | "simple-wire";
    created_at: number;
  };

  sessions: {
    /** SHA-256 of the cookie's token, hex: a stolen table opens nothing. */
    token_hash: string;
    person: string;
    created_at: number;
    used_at: number;
    expires_at: number;
  };

  /** One row per numbered log. `head` gives out the numbers (I1). */
  streams: { id: string; head: number; last_at: number };

  rooms: {
    stream: string;
    name: string;
    /** The name without regard to case and width; unique. */
    name_key: string;
    kind: RoomKind;
    topic: string;
    /** The topic in the form that a search compares. */
    topic_key: string;
    created_by: string | null;
    created_at: number;
  };

  /** Who is in which room, and how far they have read. */
  members: { stream: string; person: string; since: number; read: number };

  events: {
    stream: string;
    seq: number;
    type: EventName;
    at: number;
    by: string;
    /** Unique per author for ever (D-3); null on an event that only follows from another. */
    cid: string | null;
    /** JSON of what the type adds; null for a message, whose text is in its row. */
    data: string | null;
  };

  /** A message's text, stored once. */
  messages: { stream: string; seq: number; by: string; text: string };
}
