import type {
  Event,
  Me,
  Person,
  Preferences,
  RoomSummary,
} from "@parley/protocol";
import type { AccountReads } from "./account-reads.ts";
import type { PeopleReads } from "./people-reads.ts";
import type { PlaceReads } from "./place-reads.ts";
import type { WriteInput, WriteName, WriteResult } from "./writes/writes.ts";

/** An event as it stands in the log, with what delivery needs besides. */
export interface CommittedEvent {
  /** The server's name of the stream (stream-keys.ts). */
  stream: string;
  /** As on the wire. */
  event: Event;
  /** The author's name, for those who are told by name (the simple wire). */
  author: string;
}

/** What a store tells by itself. */
export interface StoreEvents {
  /** All events of one commit, before any of its writes is answered. */
  onCommit: (events: CommittedEvent[]) => void;
  /**
   * These streams have grown to these heads, and nobody was told: the
   * connection was lost while it committed, and only asking again showed that
   * the commit had succeeded.
   */
  onMoved: (heads: ReadonlyMap<string, number>) => void;
  /** Telling others of a commit threw; clients will find the gap and ask. */
  onDeliveryFailed: (error: unknown) => void;
  /** The database can no longer be trusted; the process should end. */
  onBroken: (error: Error) => void;
}

/**
 * What the rest of the server may ask of its memory, and what it promises:
 *
 * - `write` resolves only after the commit returned, with everything synced
 *   that a power cut could take (P1, P2). A refusal (ParleyError) left nothing
 *   behind (D-9), but for `unavailable` and `storage_full`: a database that was
 *   lost in the middle of a commit may have stored it. Asked again with the
 *   same cid, it tells (D-4).
 * - Before any `write` of a commit resolves, `onCommit` was called with all
 *   events of that commit, in stream order: nothing is published that is not
 *   stored, and nobody can forget to publish.
 * - The numbers of a stream are 1, 2, 3 … without holes (D-5), and `at` never
 *   decreases along them (O-7).
 * - A read begun after a `write` resolved sees what it wrote (O-5).
 */
export interface Store extends AsyncDisposable {
  /** Names the log; changes only when it may have gone backwards (I2). */
  readonly epoch: string;
  readonly lobby: string;
  /** Known to the nodes of this database only: they sign with it what they tell each other. */
  readonly secret: string;
  /** Names the database: a copy of it elsewhere has another. */
  readonly instance: string;
  /** Whether other nodes may write to it too. */
  readonly isShared: boolean;
  readonly reads: Reads;
  /**
   * Milliseconds since 1970 by the one clock that all nodes of this database
   * share, so that a node whose own clock is wrong does no harm.
   */
  now(): number;
  write<Name extends WriteName>(
    name: Name,
    input: WriteInput<Name>,
  ): Promise<WriteResult<Name>>;
  /** Whether the database answers. A full disk is told by the writes it refuses. */
  isHealthy(): Promise<boolean>;
}

export interface SessionRow {
  me: Me;
  createdAt: number;
  usedAt: number;
  expiresAt: number;
  /** When they last proved who they are by a password; 0: never. */
  confirmedAt: number;
}

/** Somebody in a room. */
export interface MemberRow extends Person {
  moderator?: true;
}

export interface MessageRow {
  seq: number;
  at: number;
  by: string;
  cid: string;
  /** Empty when it was deleted. */
  text: string;
  deleted?: true;
}

export interface PageRequest {
  before?: number | undefined;
  after?: number | undefined;
  limit: number;
}

/** A page of messages; it holds every message with from <= seq <= to. */
export interface MessagePage {
  messages: MessageRow[];
  from: number;
  to: number;
  head: number;
}

export interface DirectoryRow {
  stream: string;
  name: string;
  topic: string;
  members: number;
  joined: boolean;
}

/** The events with after < seq <= upTo. */
export interface EventRange {
  after: number;
  upTo: number;
}

/** Whose standing in which room, counted up to which of its numbers. */
export interface StandingQuestion {
  person: string;
  stream: string;
  upTo: number;
}

/** How far somebody in a room has read, and how many messages they have not. */
export interface Standing {
  read: number;
  unread: number;
}

/** Somebody who wants to say something in a room. */
export interface Speaker {
  stream: string;
  person: string;
}

/** Questions. Each is one query, or one per table. */
export interface Reads extends AccountReads, PeopleReads, PlaceReads {
  /** The sessions with these hashes, by hash. */
  sessions(tokenHashes: readonly string[]): Promise<Map<string, SessionRow>>;
  /** The head of each stream that exists. */
  heads(streams: readonly string[]): Promise<Map<string, number>>;
  /** Which rooms each of these people is in, and since which of its numbers. */
  memberships(
    people: readonly string[],
  ): Promise<Map<string, Map<string, number>>>;
  /** What these people have chosen for themselves, without who has chosen nothing. */
  choices(people: readonly string[]): Promise<Map<string, Preferences>>;
  /** How many people are in each of these rooms. */
  memberCounts(streams: readonly string[]): Promise<Map<string, number>>;
  /** Who is in each of these rooms, which are small. */
  membersOf(streams: readonly string[]): Promise<Map<string, string[]>>;
  /** A page of who is in a room, in the order of their ids. */
  memberIds(
    stream: string,
    page: { after: string; limit: number },
  ): Promise<string[]>;
  /** The room's number with which they came in; undefined when they are not. */
  memberSince(person: string, stream: string): Promise<number | undefined>;
  isMember(person: string, stream: string): Promise<boolean>;
  /** Events with after < seq <= upTo, ascending, at most `max`. */
  eventsAfter(
    stream: string,
    range: { after: number; upTo: number; max: number },
  ): Promise<CommittedEvent[]>;
  /** The same of several streams at once; each of them is in the answer. */
  eventsOf(
    ranges: ReadonlyMap<string, EventRange>,
  ): Promise<Map<string, CommittedEvent[]>>;
  messages(stream: string, page: PageRequest): Promise<MessagePage>;
  /** One's own rooms, the lobby first, then by name. */
  rooms(person: string): Promise<RoomSummary[]>;
  /** One room; `unread` counts no message above `upTo`. */
  room(
    person: string,
    stream: string,
    upTo?: number,
  ): Promise<RoomSummary | undefined>;
  /** In the order of the questions; undefined for who is not in the room. */
  standings(
    asked: readonly StandingQuestion[],
  ): Promise<(Standing | undefined)[]>;
  /** Those of these who might say something in the room. */
  speakers(asked: readonly Speaker[]): Promise<Speaker[]>;
  directory(person: string, query: string): Promise<DirectoryRow[]>;
  /** What everybody may know of these people. */
  people(ids: readonly string[]): Promise<Person[]>;
  members(
    stream: string,
    page: { after: string; limit: number },
  ): Promise<{ members: MemberRow[]; count: number }>;
  /** The address of a person, for a picture that the server fetches. */
  email(person: string): Promise<string | undefined>;
}
