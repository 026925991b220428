import type {
  Handshake,
  Me,
  Person,
  Preferences,
  RoomKind,
} from "@parley/protocol";

// What a screen draws. Everything here is replaced, never mutated: a view may
// compare by identity and keep what has not changed.

/** Where the connection is; each state holds only what is true in it. */
export type ConnectionState =
  | { status: "connecting"; attempt: number }
  | { status: "catching-up"; attempt: number }
  | { status: "live"; since: number }
  /** No connection; the next attempt comes at `retryAt` (ms, local clock). */
  | { status: "waiting"; retryAt: number; attempt: number }
  /** Trying again would not help: sign in again, reload, or report a bug. */
  | { status: "stopped"; reason: StopReason; code: number };

export type StopReason = "signed-out" | "client-too-old" | "misuse" | "closed";

/** A stored message. (stream, seq) is its identity; `cid` is its row's key. */
export interface Message {
  seq: number;
  at: number;
  by: string;
  /** The same key its pending row had, so that the real one takes its place. */
  cid: string;
  text: string;
  /** It was deleted since; the text is empty. */
  deleted?: true;
}

/** What the person has said and the server has not yet acknowledged. */
export interface PendingMessage {
  cid: string;
  text: string;
  /** Local clock: a label until the server's time is known. */
  at: number;
  status:
    | { kind: "waiting" }
    /** Refused for good, or given up; stays until retried or discarded. */
    | { kind: "failed"; code: string; message: string };
}

/**
 * A contiguous slice of a stream: every message with from <= seq <= to, and
 * nothing else. `to` is `from - 1` when it covers nothing yet.
 */
export interface Run {
  messages: readonly Message[];
  from: number;
  to: number;
}

/** Numbers between two runs that are not known here: after < seq <= upTo. */
export interface Hole {
  after: number;
  upTo: number;
}

/** Where a hole is filled: next to what comes before it, or after it. */
export type HoleEnd = "after" | "upTo";

/**
 * What is known of a stream's messages: the newest run itself, which new
 * messages continue, and what is known before it, with holes in between.
 */
export interface Timeline extends Run {
  status: "unloaded" | "loading" | "loaded" | "failed";
  /**
   * Further runs, ascending; each has a message. Neither they nor the newest
   * touch each other: `holesOf` tells what is missing.
   */
  older: readonly Run[];
  isLoadingOlder: boolean;
  /** After `confirmed` rows, in the order they were written. */
  pending: readonly PendingMessage[];
}

export interface RoomState {
  stream: string;
  name: string;
  kind: RoomKind;
  topic: string;
  /** For announcements: its moderators write. */
  readOnly: boolean;
  /** Nobody writes any more. */
  archived: boolean;
  /** One is its moderator. */
  moderator: boolean;
  favourite: boolean;
  muted: boolean;
  /** Out of sight until something is said after this number; 0 when in sight. */
  hidden: number;
  /** In a direct room, who else is in it; `people` has their names. */
  others: readonly string[];
  /** The cursor: everything up to here has been applied. */
  head: number;
  /** The person's read mark. */
  read: number;
  /** Others' messages above the mark; 100 means "100 or more". */
  unread: number;
  timeline: Timeline;
  /** The newest number at which somebody may have come, gone, or changed. */
  membersAsOf: number;
  /** Who is typing now, without oneself. */
  typing: readonly string[];
  /** How many are here, oneself among them; null while it is not watched or not told. */
  presentCount: number | null;
}

export interface ChatState {
  me: Me;
  /** What the person has chosen, the same on all their devices. */
  preferences: Preferences;
  /** Whose direct messages one does not take. */
  blocked: ReadonlySet<string>;
  server: string;
  connection: ConnectionState;
  /** The lobby first, then by name. */
  rooms: readonly RoomState[];
  /** Everybody whose name is known, by id. */
  people: ReadonlyMap<string, Person>;
  /**
   * Who is here of the rooms that are watched, as far as they are told one by
   * one. Whoever is not in it is offline, or does not want it told.
   */
  presence: ReadonlyMap<string, "online" | "away">;
  /**
   * True while what is not sent yet outlives the page. False for a client that
   * was not asked to keep it, and when the device cannot.
   */
  isKept: boolean;
}

/** What the connection panel shows: facts about the wire, not about the chat. */
export interface WireReport {
  url: string;
  subprotocol: string;
  /** Which of several servers this is, where there are several. */
  node: string | null;
  connectedAt: number | null;
  reconnects: number;
  roundTripMs: number | null;
  handshake: Handshake | null;
  /** The last frames, oldest first. */
  frames: readonly FrameRecord[];
}

export interface FrameRecord {
  /** Counts up for ever, so that a list can key its rows. */
  number: number;
  direction: "in" | "out";
  at: number;
  text: string;
}
