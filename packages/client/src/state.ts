import type { Handshake, Me, Person, RoomKind } from "@parley/protocol";

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
 * A contiguous run of a stream's messages: it holds every message with
 * from <= seq <= to, and nothing else. `from` is 1 when the beginning is known.
 */
export interface Timeline {
  status: "unloaded" | "loading" | "loaded" | "failed";
  messages: readonly Message[];
  from: number;
  to: number;
  isLoadingOlder: boolean;
  /** After `confirmed` rows, in the order they were written. */
  pending: readonly PendingMessage[];
}

export interface RoomState {
  stream: string;
  name: string;
  kind: RoomKind;
  topic: string;
  /** The cursor: everything up to here has been applied. */
  head: number;
  /** The person's read mark. */
  read: number;
  /** Others' messages above the mark; 100 means "100 or more". */
  unread: number;
  timeline: Timeline;
  /** Who is typing now, without oneself. */
  typing: readonly string[];
}

export interface ChatState {
  me: Me;
  server: string;
  connection: ConnectionState;
  /** The lobby first, then by name. */
  rooms: readonly RoomState[];
  /** Everybody whose name is known, by id. */
  people: ReadonlyMap<string, Person>;
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
