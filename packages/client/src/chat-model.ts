import type { Me, Person, Preferences, RoomSummary } from "@parley/protocol";
import type { Deletion } from "./count-unread.ts";
import { publicFacts, type ServerTime } from "./people-facts.ts";
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
  /** What they know of themselves, as of the inbox' cursor. */
  self: Me;
  preferences: Preferences;
  /** Whose direct messages they do not take. */
  blocked: ReadonlySet<string>;
  /** The log that the cursors count in; null before the first answer. */
  epoch: string | null;
  /** The cursor of one's own stream. */
  inbox: number;
  rooms: ReadonlyMap<string, RoomModel>;
  people: ReadonlyMap<string, Person>;
  /** When what is known of each of them was true, by the server's clock. */
  heard: ReadonlyMap<string, number>;
  time: ServerTime;
  /** The room on the screen; its rows are all kept. */
  openRoom: string | null;
}

/** A room as a screen sees it, and what that rests on. */
export interface RoomModel extends RoomState {
  /** How its unread count came about. */
  counted: UnreadCount;
  /** The newest deletions, for a count that comes later and is older. */
  deletions: readonly Deletion[];
  /**
   * Something was said under this number, and nothing is known to have been
   * said after it; of what is older than the list of rooms, the list decides.
   */
  said: number;
}

/** As with everybody who has not chosen yet. */
const unchosen: Preferences = {
  showsPresence: true,
  showsTyping: true,
  roomOrder: "name",
};

export function emptyModel(me: Me): ChatModel {
  return {
    me: me.id,
    self: me,
    preferences: unchosen,
    blocked: new Set(),
    epoch: null,
    inbox: 0,
    rooms: new Map(),
    people: new Map([[me.id, publicFacts(me)]]),
    heard: new Map(),
    time: { greeted: 0, latest: 0 },
    openRoom: null,
  };
}

/** A room of which only the summary is known. */
export function roomFrom(
  summary: RoomSummary,
  pending: readonly PendingMessage[] = [],
): RoomModel {
  const { stream, head, read, unread, moderator = false } = summary;
  const counted = countedAt(head, unread);
  return {
    ...{ stream, head, read, moderator, ...appearanceIn(summary) },
    ...arrangementIn(summary),
    // Where the list has it in sight, something may have been said just now.
    said: (summary.hidden ?? 0) > 0 ? (summary.hidden ?? 0) : head,
    others: (summary.people ?? []).map(({ id }) => id),
    timeline: timelineAfter(head, pending),
    membersAsOf: head,
    typing: [],
    presentCount: null,
    counted,
    deletions: [],
    unread: unreadOf(counted),
  };
}

/** What is the same for everybody in the room. */
export function appearanceIn(summary: RoomSummary) {
  const { name, kind, topic, readOnly = false, archived = false } = summary;
  return { name, kind, topic, readOnly, archived };
}

/** How the person has put it among their own. */
export function arrangementIn(summary: RoomSummary) {
  const { favourite = false, muted = false, hidden = 0 } = summary;
  return { favourite, muted, hidden };
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

/** With these as what is not sent yet in this room. */
export function withPending(
  model: ChatModel,
  stream: string,
  pending: readonly PendingMessage[],
): ChatModel {
  return changeRoom(model, stream, (room) => ({
    ...room,
    timeline: { ...room.timeline, pending },
  }));
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

/** The last number applied of a stream; undefined for one that is not ours. */
export function cursorOf(model: ChatModel, stream: string): number | undefined {
  return stream === "inbox" ? model.inbox : model.rooms.get(stream)?.head;
}
