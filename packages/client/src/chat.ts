import type { CommandResult, Person } from "@parley/protocol";
import type { ChatState, Hole, HoleEnd, WireReport } from "./state.ts";

/**
 * One person's chat on one device. `state` is what a screen draws; the verbs
 * return at once or resolve when the server has answered.
 */
export interface Chat {
  readonly state: ChatState;
  readonly wire: WireReport;
  /** Called after each change of `state`, at most once per turn. */
  subscribe(listener: () => void): () => void;
  /** Called after each frame and each change of the wire's figures. */
  subscribeWire(listener: () => void): () => void;

  /** Shows the newest page of a room, loading it when it is not there yet. */
  open(stream: string): void;
  /**
   * Puts the page before the oldest known message in front. One at a time.
   * Rejects with ParleyError or NetworkError when it cannot be had.
   */
  loadOlder(stream: string): Promise<void>;
  /**
   * Loads a page of what is missing, at this end of the hole. One at a time per
   * room. Rejects as `loadOlder` does; a hole that is no more needs nothing.
   */
  fillHole(stream: string, hole: Hole, end: HoleEnd): Promise<void>;
  /**
   * Writes a message: a pending row at once, stored when connected. Returns its
   * cid. Throws ParleyError when the text itself may not be sent.
   */
  post(stream: string, text: string): string;
  /**
   * Sends a failed message again: with a new cid when it was refused for good,
   * with the same when nobody knows whether it was stored (`no_connection`).
   */
  retry(stream: string, cid: string): void;
  /** Forgets a failed message. */
  discard(stream: string, cid: string): void;
  /** Moves the read mark up; lower marks do nothing. Coalesced. */
  markRead(stream: string, upTo: number): void;
  /** Tells the room, at most every 3 seconds. */
  typing(stream: string): void;

  createRoom(room: {
    name: string;
    topic?: string;
  }): Promise<CommandResult<"room.create">>;
  joinRoom(stream: string): Promise<CommandResult<"room.join">>;
  leaveRoom(stream: string): Promise<CommandResult<"room.leave">>;
  members(
    stream: string,
  ): Promise<{ members: readonly Person[]; count: number }>;
  /** Public rooms, with or without oneself in them. */
  directory(query: string): Promise<readonly DirectoryEntry[]>;

  /** Tries to connect now instead of at `retryAt`. */
  reconnectNow(): void;
  /** Ends the connection for good; what is not sent stays in the outbox. */
  close(): void;
}

export interface DirectoryEntry {
  stream: string;
  name: string;
  topic: string;
  members: number;
  joined: boolean;
}
