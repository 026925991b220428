import type { EventName, Role, RoomKind } from "@parley/protocol";

// The tables, the same on every database. Booleans are 0 and 1, JSON is text,
// times are milliseconds since 1970, so that rows are the same everywhere.

export interface Schema {
  meta: { key: string; value: string };

  people: {
    id: string;
    name: string;
    role: Role;
    /** How they are mentioned and sign in; of accounts only. Unique. */
    username: string | null;
    /** Shown to the person themselves and to administrators only. */
    email: string;
    /** The address without regard to case, of the account that it signs in: the first that had it. */
    email_key: string | null;
    /** A guest who came by a link to rooms: those are all they see. */
    bound: number;
    /** While set, they neither sign in nor say anything. */
    suspended_at: number | null;
    /** JSON of what they chose for themselves; what is missing is as usual. */
    preferences: string;
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
    /** What the browser called itself, for the list of one's own sessions. */
    agent: string;
    /** When they last proved who they are by a password; 0: never. */
    confirmed_at: number;
  };

  /** One row per numbered log. `head` gives out the numbers (I1). */
  streams: { id: string; head: number; last_at: number };

  rooms: {
    stream: string;
    name: string;
    /** The name without regard to case and width. */
    name_key: string;
    /** The same for a public room; for any other something that no name can be. */
    unique_name: string;
    kind: RoomKind;
    topic: string;
    /** The topic in the form that a search compares. */
    topic_key: string;
    created_by: string | null;
    created_at: number;
    /** For announcements: its moderators write. */
    read_only: number;
    /** Newcomers are put into it. */
    is_default: number;
    archived_at: number | null;
    /** Of a direct room: who is in it, so that the same people find it again. */
    direct_key: string | null;
  };

  /** Who is in which room, and how far they have read. */
  members: {
    stream: string;
    person: string;
    since: number;
    read: number;
    moderator: number;
    favourite: number;
    muted: number;
    /** Out of their sight until something has a higher number; 0: in sight. */
    hidden: number;
  };

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
  messages: {
    stream: string;
    seq: number;
    by: string;
    /** Empty once it is deleted. */
    text: string;
    deleted: number;
  };

  /** What the administrators decided; what is missing is as the settings say. */
  settings: { key: string; value: string };

  /**
   * With what people sign in. A password's subject is its person; later kinds
   * (a passkey, an account elsewhere) have one of their own.
   */
  credentials: {
    id: string;
    person: string;
    kind: "password";
    /** Unique per kind. */
    subject: string;
    /** Never the thing itself: its hash. */
    secret: string;
    data: string;
    created_at: number;
    changed_at: number;
  };

  /** Links that work once: to become the owner, to choose a new password. */
  links: {
    token_hash: string;
    purpose: "setup" | "reset";
    person: string | null;
    created_at: number;
    expires_at: number;
  };

  invitations: {
    id: string;
    token_hash: string;
    made_by: string;
    role: Role;
    bound: number;
    /** JSON: the streams of the rooms that they lead to. */
    rooms: string;
    note: string;
    /** Null: any number. */
    uses_left: number | null;
    used: number;
    created_at: number;
    expires_at: number | null;
    revoked_at: number | null;
  };

  /** What accounts are called, in the form in which look-alikes are one. */
  claimed_names: {
    skeleton: string;
    person: string;
    source: "name" | "username";
  };

  /** Whose direct messages a person does not take. */
  blocks: { person: string; blocked: string };
}
