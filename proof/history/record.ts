// What every process of a run writes down, and nothing else is judged. The
// records are small on purpose: a run of half an hour has millions of them.
//
// Times are milliseconds of one clock that all processes of the run share
// (clock.ts; virtual in the simulation). Streams have the server's names: a
// person's own stream is "inbox:<person>".

import type { Digest } from "./digest.ts";

/** In every record that a client writes. */
interface Who {
  t: number;
  /** The person. */
  p: string;
  /** The device: it keeps its storage when it crashes and starts again. */
  c: string;
}

/** Somebody pressed Enter, or Retry: the row is pending from now on. */
export interface Wrote extends Who {
  k: "wrote";
  stream: string;
  cid: string;
  /** Of the text as written. */
  h: Digest;
}

/** A post left for the server; each attempt is one. */
export interface Sent extends Who {
  k: "sent";
  conn: string;
  stream: string;
  cid: string;
}

/** A post was acknowledged. Written before the client acts on it. */
export interface Acknowledged extends Who {
  k: "ok";
  conn: string;
  stream: string;
  cid: string;
  seq: number;
  repeated: boolean;
}

/** A post was refused. */
export interface Refused extends Who {
  k: "error";
  conn: string;
  cid: string;
  code: string;
  retryable: boolean;
}

/** The person is shown that this message was given up. */
export interface Failed extends Who {
  k: "failed";
  cid: string;
  code: string;
}

/** The person threw a failed message away. */
export interface Discarded extends Who {
  k: "discarded";
  cid: string;
}

/** The device began: its first start, a reload, or again after a crash. */
export interface Booted extends Who {
  k: "boot";
}

/** It ended without being asked: what it had not stored is gone. */
export interface Crashed extends Who {
  k: "crash";
}

/** A socket was opened. */
export interface Connected extends Who {
  k: "conn";
  conn: string;
}

/** It ended; `by` says whether the client itself hung up. */
export interface Closed extends Who {
  k: "close";
  conn: string;
  code: number;
  by: "client" | "server";
}

/** hello was answered by welcome. */
export interface Welcomed extends Who {
  k: "welcome";
  conn: string;
  epoch: string;
  node: string | null;
}

/** One stream of a hello, or of a follow, and what the server answered. */
export interface Resumed extends Who {
  k: "resume";
  conn: string;
  stream: string;
  /** The cursor that the client named; null for a fresh page. */
  have: number | null;
  /** The epoch that its hello named; not there where nobody wrote it down. */
  of?: string | null;
  /** When it asked: `t` is when the answer came. */
  asked: number;
  /** The head at which it is live now; a page that ends at the head; or no such stream. */
  got: { live: number } | { reset: number } | "gone";
}

/** The client does not follow the stream any more. */
export interface Unfollowed extends Who {
  k: "unfollow";
  conn: string;
  stream: string;
}

/**
 * Events of one stream that came over one connection with consecutive numbers,
 * replayed or live, gathered for a moment. A number out of its order begins a
 * record of its own, so that nothing is smoothed over.
 */
export interface Received extends Who {
  k: "recv";
  conn: string;
  stream: string;
  from: number;
  to: number;
  /** Sum of eventDigest over them. */
  d: Digest;
  /** Of the first of them: `t` is when the last one came. */
  since: number;
  /** Messages among them that came without their text, as deleted ones. */
  deleted?: number[];
}

/** What stands on the screen of a room: its newest run of rows. */
export interface Shown extends Who {
  k: "shown";
  stream: string;
  /** It claims to show every message with from <= seq <= to. */
  from: number;
  to: number;
  /** The number of its rows, and the sum of messageDigest over them. */
  rows: number;
  d: Digest;
  /** Rows above it that belong to other runs, each complete in itself. */
  older?: { from: number; to: number; rows: number; d: Digest }[];
  /** Rows that stand there as deleted, whichever run they belong to. */
  deleted?: number[];
  /** Rows that are not confirmed, in order. */
  pending: string[];
  failed: string[];
  /** What is wrong with the rows in themselves, in words; no log is needed for it. */
  flaw?: string;
  /** The person's mark and the count shown beside the room's name. */
  read: number;
  unread: number;
  /** Everything up to here was applied: at this head the count has to be right. */
  head: number;
  /** Nothing is on its way any more: everything has to be exact. */
  quiet: boolean;
}

/** A page: of history over HTTP, the answer to `history`, or what a `reset` begins with. */
export interface Paged extends Who {
  k: "page";
  stream: string;
  /** When it was asked for. */
  asked: number;
  from: number;
  to: number;
  rows: number;
  /** Sum of messageDigest over its messages. */
  d: Digest;
  /** What it says the head is; null where it does not say. */
  head: number | null;
  /** Whether it was asked for as the newest page. */
  newest: boolean;
  /** Messages in it that are told as deleted. */
  deleted?: number[];
}

/** A message was deleted by this device's command, and the server said so. */
export interface Deleted extends Who {
  k: "deleted";
  conn: string;
  stream: string;
  /** The message's number. */
  message: number;
}

/** A room was joined or left by this device's command. */
export interface Moved extends Who {
  k: "joined" | "left";
  stream: string;
  asked: number;
}

/** A mark went up, and the server said so. */
export interface Marked extends Who {
  k: "marked";
  stream: string;
  seq: number;
}

/** A session was ended, and the server said so. */
export interface Ended extends Who {
  k: "session-ended";
  /** The device whose session it was. */
  device: string;
}

/** Something was done to the system, or is over. */
export interface Fault {
  t: number;
  k: "fault";
  /** Such as "server kill -9". The report counts them by this. */
  kind: string;
  target: string;
  is: "on" | "off";
  args?: Record<string, number | string | boolean>;
}

/** A server process, as whoever started it sees it. */
export interface ServerLife {
  t: number;
  k: "server";
  node: string;
  is: "started" | "ready" | "exited";
  pid?: number;
  /** Whether the run itself ended it: any other exit is a violation (L-3). */
  injected?: boolean;
}

/** A moment in the run itself. */
export interface Phase {
  t: number;
  k: "phase";
  /** healed: the last fault is over. equal: every screen was the same for the first time after. */
  is: "begun" | "healed" | "equal" | "over";
}

export type ClientRecord =
  | Wrote
  | Sent
  | Acknowledged
  | Refused
  | Failed
  | Discarded
  | Booted
  | Crashed
  | Connected
  | Closed
  | Welcomed
  | Resumed
  | Unfollowed
  | Received
  | Shown
  | Paged
  | Deleted
  | Moved
  | Marked
  | Ended;

export type HistoryRecord = ClientRecord | Fault | ServerLife | Phase;

/** One row of the log as the database has it at the end. */
export interface FinalEvent {
  seq: number;
  at: number;
  type: string;
  by: string;
  cid: string | null;
  /** Of a message. */
  text: string | null;
  /** Whom it is about, where it is about somebody (member.joined, member.left). */
  person: string | null;
  /** The text of this message is deleted, and empty. */
  deleted?: true;
  /** Which message it deletes (message.deleted). */
  message?: number;
}

/** Everything that was stored, read from the database itself after the run. */
export interface FinalLog {
  epoch: string;
  /** By the server's stream name, ascending by seq. */
  streams: Map<string, FinalEvent[]>;
  /** Read marks by stream and person, of those who are members. */
  marks: { stream: string; person: string; read: number }[];
}
