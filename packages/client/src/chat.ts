import type {
  CommandParams,
  CommandResult,
  Person,
  Preferences,
} from "@parley/protocol";
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
   * Loads a page with this message in it, wherever in the room it stands: holes
   * may be left on both sides. One at a time per room. Rejects as `loadOlder`
   * does; a message that is known, or not a message, needs nothing.
   */
  loadAround(stream: string, seq: number): Promise<void>;
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
  /**
   * Wants to know who is here of a room, until what it returns is called: the
   * answer is `presentCount`, and in rooms of up to 200 people `presence`. Of
   * many rooms the server tells those that were asked for last.
   */
  watchPresence(stream: string): () => void;
  /** Nobody looks at this device for now, or somebody does again. */
  setAway(isAway: boolean): void;

  // What follows needs a connection: without one it rejects with NetworkError.

  /** Public unless `kind` says otherwise; one is its moderator. */
  createRoom(room: {
    name: string;
    topic?: string;
    kind?: "public" | "private";
  }): Promise<CommandResult<"room.create">>;
  joinRoom(stream: string): Promise<CommandResult<"room.join">>;
  leaveRoom(stream: string): Promise<CommandResult<"room.leave">>;
  /** What is not given stays. */
  changeRoom(
    stream: string,
    changes: RoomChanges,
  ): Promise<CommandResult<"room.change">>;
  inviteToRoom(
    stream: string,
    people: readonly string[],
  ): Promise<CommandResult<"room.invite">>;
  removeFromRoom(
    stream: string,
    person: string,
  ): Promise<CommandResult<"room.remove">>;
  /** Makes somebody the room's moderator, or no longer. */
  changeMember(
    stream: string,
    person: string,
    moderator: boolean,
  ): Promise<CommandResult<"member.change">>;
  /** The direct room of oneself and these people, which may be there already. */
  openDirect(people: readonly string[]): Promise<string>;
  /** Among one's own rooms, on all one's devices; what is not given stays. */
  arrangeRoom(
    stream: string,
    arrangement: Arrangement,
  ): Promise<CommandResult<"room.arrange">>;
  /** A stored message; one that is still pending is discarded instead. */
  deleteMessage(
    stream: string,
    seq: number,
  ): Promise<CommandResult<"message.delete">>;
  /** What is not given stays. */
  setPreferences(changes: Partial<Preferences>): Promise<Preferences>;
  /** Takes no direct messages from this person any more, or takes them again. */
  blockPerson(person: string, blocked: boolean): Promise<void>;
  members(
    stream: string,
  ): Promise<{ members: readonly Member[]; count: number }>;
  /** Public rooms, with or without oneself in them. */
  directory(query: string): Promise<readonly DirectoryEntry[]>;
  /** People by name or user name, up to 20. */
  searchPeople(query: string): Promise<readonly Person[]>;

  /** Tries to connect now instead of at `retryAt`. */
  reconnectNow(): void;
  /** Ends the connection for good; what is not sent stays in the outbox. */
  close(): void;
}

/** Somebody in a room. */
export interface Member extends Person {
  /** Of this room. */
  moderator?: true;
}

export type RoomChanges = Omit<CommandParams<"room.change">, "cid" | "stream">;

/** `hidden` is for direct rooms: out of sight until something is said. */
export type Arrangement = Omit<CommandParams<"room.arrange">, "stream">;

export interface DirectoryEntry {
  stream: string;
  name: string;
  topic: string;
  members: number;
  joined: boolean;
}
