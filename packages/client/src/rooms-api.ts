import type { Me, Person, Preferences, RoomSummary } from "@parley/protocol";
import type { DirectoryEntry, Member } from "./chat.ts";
import { get, queryOf, request, type Fetched, type Place } from "./http.ts";
import type { Run } from "./state.ts";

/**
 * One's own rooms, and the position of each stream, to follow them from; and
 * what else the inbox changes, as it is at that position or later.
 */
export interface RoomsAnswer {
  epoch: string;
  inbox: number;
  rooms: readonly RoomSummary[];
  me: Me;
  preferences: Preferences;
  /** Whose direct messages one does not take. */
  blocked: readonly string[];
}

/** Messages with the range of numbers that they cover completely. */
export interface PageAnswer extends Run {
  head: number;
  people: readonly Person[];
}

export interface MembersAnswer {
  members: readonly Member[];
  count: number;
}

export function fetchRooms(
  place: Place,
  done: (fetched: Fetched<RoomsAnswer>) => void,
): void {
  request(place, { path: "/api/rooms" }, done);
}

/** Which messages of a room: of those between the two, if they are given. */
export interface PageRequest {
  /** Only below this number. */
  before?: number;
  /** Only above this number, and the oldest of those instead of the newest. */
  after?: number;
  limit: number;
}

/** A page of a room's messages, ascending. */
export function fetchPage(
  place: Place,
  stream: string,
  { before, after, limit }: PageRequest,
  done: (fetched: Fetched<PageAnswer>) => void,
): void {
  const query = queryOf({ before, after, limit });
  request(place, { path: `/api/streams/${stream}/messages${query}` }, done);
}

export function fetchPeople(
  place: Place,
  ids: readonly string[],
  done: (fetched: Fetched<{ people: readonly Person[] }>) => void,
): void {
  request(place, { path: `/api/people?ids=${ids.join(",")}` }, done);
}

export async function searchPeople(
  place: Place,
  query: string,
): Promise<readonly Person[]> {
  const path = `/api/people/search${queryOf({ query })}`;
  return (await get<{ people: Person[] }>(place, path)).people;
}

export function fetchMembers(
  place: Place,
  stream: string,
): Promise<MembersAnswer> {
  return get(place, `/api/streams/${stream}/members`);
}

export async function fetchDirectory(
  place: Place,
  query: string,
): Promise<readonly DirectoryEntry[]> {
  const path = `/api/directory${queryOf({ query })}`;
  return (await get<{ rooms: DirectoryEntry[] }>(place, path)).rooms;
}
