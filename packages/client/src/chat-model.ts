import type { Person, RoomSummary } from "@parley/protocol";
import type { PendingMessage, RoomState } from "./state.ts";
import { timelineAfter } from "./timeline.ts";
import { countedAt, unreadOf, type UnreadCount } from "./unread.ts";

/**
 * What is known of the chat: everything that events change, and nothing else.
 * Replaced, never mutated; made only by pure functions.
 */
export interface ChatModel {
  /** The person's own id. */
  me: string;
  /** The log that the cursors count in; null before the first answer. */
  epoch: string | null;
  /** The cursor of one's own stream. */
  inbox: number;
  rooms: ReadonlyMap<string, RoomModel>;
  people: ReadonlyMap<string, Person>;
  /** The room on the screen; its rows are all kept. */
  openRoom: string | null;
}

/** A room as a screen sees it, and how its unread count came about. */
export interface RoomModel extends RoomState {
  counted: UnreadCount;
}

export function emptyModel(me: Person): ChatModel {
  return {
    me: me.id,
    epoch: null,
    inbox: 0,
    rooms: new Map(),
    people: new Map([[me.id, person(me)]]),
    openRoom: null,
  };
}

/** A room of which only the summary is known. */
export function roomFrom(
  summary: RoomSummary,
  pending: readonly PendingMessage[] = [],
): RoomModel {
  const { head, unread } = summary;
  return {
    ...summary,
    timeline: timelineAfter(head, pending),
    membersAsOf: head,
    typing: [],
    counted: countedAt(head, unread),
  };
}

/** The model with this room changed; the same model when it is not there. */
export function changeRoom(
  model: ChatModel,
  stream: string,
  change: (room: RoomModel) => RoomModel,
): ChatModel {
  const room = model.rooms.get(stream);
  if (room === undefined) return model;
  const changed = change(room);
  return changed === room ? model : putRoom(model, changed);
}

export function putRoom(model: ChatModel, room: RoomModel): ChatModel {
  const rooms = new Map(model.rooms).set(room.stream, room);
  return { ...model, rooms };
}

export function withoutRoom(model: ChatModel, stream: string): ChatModel {
  if (!model.rooms.has(stream)) return model;
  const rooms = new Map(model.rooms);
  rooms.delete(stream);
  return { ...model, rooms };
}

/** Takes the server's count, and shows it. */
export function recounted(room: RoomModel, counted: UnreadCount): RoomModel {
  return { ...room, counted, unread: unreadOf(counted) };
}

/** Learns names; the same model when there is nothing new. */
export function withPeople(
  model: ChatModel,
  found: readonly Person[],
): ChatModel {
  const news = found.filter(({ id, name, kind }) => {
    const known = model.people.get(id);
    return known?.name !== name || known.kind !== kind;
  });
  if (news.length === 0) return model;
  const people = new Map(model.people);
  for (const one of news) people.set(one.id, person(one));
  return { ...model, people };
}

/** The last number applied of a stream; undefined for one that is not ours. */
export function cursorOf(model: ChatModel, stream: string): number | undefined {
  return stream === "inbox" ? model.inbox : model.rooms.get(stream)?.head;
}

/** Without what only oneself may know, such as one's address. */
function person({ id, name, kind }: Person): Person {
  return { id, name, kind };
}
