import type { Event, EventOf } from "@parley/protocol";
import {
  changeRoom,
  cursorOf,
  putRoom,
  recounted,
  roomFrom,
  withoutRoom,
  type ChatModel,
  type RoomModel,
} from "./chat-model.ts";
import { countedWithout, withGiven } from "./count-unread.ts";
import { withTold } from "./people-facts.ts";
import type { Message } from "./state.ts";
import { trimmed, withNext, withoutPending, withoutText } from "./timeline.ts";
import { noticed } from "./unread.ts";

/**
 * What is known after an event: live, on replay and in tests alike, so that a
 * resume ends where a fresh load would. Only the next number of a stream
 * counts; any other leaves the model as it is.
 */
export function applyEvent(model: ChatModel, event: Event): ChatModel {
  const cursor = cursorOf(model, event.stream);
  if (cursor === undefined || event.seq !== cursor + 1) return model;
  const moved = move(model, event);
  switch (event.type) {
    case "message.posted":
      return changeRoom(moved, event.stream, (room) =>
        afterMessage(room, messageOf(event), model.me),
      );
    case "message.deleted":
      return changeRoom(moved, event.stream, (room) =>
        countedWithout(withoutWords(room, event.message), event, model.me),
      );
    case "room.created":
    case "room.changed":
      return changeRoom(moved, event.stream, (room) =>
        afterChange(room, event),
      );
    case "member.joined":
    case "member.changed":
      return changeRoom(
        withTold(moved, [event.person], event.at),
        event.stream,
        (room) => afterMember(room, event, model.me),
      );
    case "member.left":
      return changeRoom(moved, event.stream, (room) => ({
        ...withoutTypist(room, event.person),
        membersAsOf: event.seq,
      }));
    case "room.joined": {
      const { room, at } = event;
      const known = withTold(moved, room.people ?? [], at);
      // Also said when another device of ours knew first: keep what we have.
      return known.rooms.has(room.stream)
        ? known
        : putRoom(known, roomFrom(room));
    }
    case "room.left":
      return withoutRoom(moved, event.room);
    case "room.arranged":
      return changeRoom(moved, event.room, (room) =>
        afterArranging(room, event),
      );
    case "read.marked":
      return changeRoom(moved, event.room, (room) =>
        afterMark(room, event, model.me),
      );
    case "me.changed":
      return {
        ...withTold(moved, [event.me], event.at),
        self: event.me,
      };
    case "preferences.set":
      return { ...moved, preferences: event.preferences };
    case "person.blocked":
      return { ...moved, blocked: afterBlock(moved.blocked, event) };
    case "session.ended":
      // Another device's; our own connection would have been closed.
      return moved;
    case "place.acted":
      // Of a log that nobody follows.
      return moved;
    default:
      event satisfies never;
      // From a newer server: nothing to show, but its number is used up (I6).
      return moved;
  }
}

/** A stored message as a row. */
export function messageOf(event: EventOf<"message.posted">): Message {
  const { seq, at, by, text, deleted } = event;
  // What came without a cid still needs a key that no other row has.
  const cid = event.cid ?? `${event.stream}/${seq}`;
  return { seq, at, by, cid, text, ...(deleted ? { deleted } : {}) };
}

/** Moves the cursor, and the end of the run if it stood there. */
function move(model: ChatModel, event: Event): ChatModel {
  const { stream, seq, at } = event;
  const { greeted, latest } = model.time;
  const time = at > latest ? { greeted, latest: at } : model.time;
  if (stream === "inbox") return { ...model, time, inbox: seq };
  const message = event.type === "message.posted" ? messageOf(event) : null;
  return changeRoom({ ...model, time }, stream, (room) => {
    const timeline = withNext(room.timeline, seq, message);
    const isOpen = stream === model.openRoom;
    return {
      ...room,
      head: seq,
      timeline: isOpen ? timeline : trimmed(timeline),
    };
  });
}

function afterMessage(before: RoomModel, message: Message, me: string) {
  const { by, cid, seq, deleted } = message;
  const room = saidIn(before, seq);
  if (by === me) {
    return { ...room, timeline: withoutPending(room.timeline, cid) };
  }
  const silent = withoutTypist(room, by);
  return deleted ? silent : recounted(silent, noticed(room.counted, seq));
}

/**
 * Whoever says something, and whatever became of it: the room is in sight again.
 * Not by what was said before it was put out of it.
 */
function saidIn(room: RoomModel, seq: number): RoomModel {
  const hidden = seq > room.hidden ? 0 : room.hidden;
  return { ...room, said: Math.max(room.said, seq), hidden };
}

function withoutWords(room: RoomModel, seq: number): RoomModel {
  return { ...room, timeline: withoutText(room.timeline, seq) };
}

/** What is not named stays. */
function afterChange(
  room: RoomModel,
  event: EventOf<"room.created"> | EventOf<"room.changed">,
): RoomModel {
  const { name = room.name, topic = room.topic, kind = room.kind } = event;
  const named = { ...room, name, topic, kind };
  if (event.type === "room.created") return named;
  const { readOnly = room.readOnly, archived = room.archived } = event;
  return { ...named, readOnly, archived };
}

/** Who came, or is another now; `moderator` is about this room. */
function afterMember(
  room: RoomModel,
  event: EventOf<"member.joined"> | EventOf<"member.changed">,
  me: string,
): RoomModel {
  const isComing = event.type === "member.joined";
  const { moderator = isComing ? false : room.moderator } = event;
  const isOwn = event.person.id === me;
  return {
    ...room,
    membersAsOf: event.seq,
    moderator: isOwn ? moderator : room.moderator,
  };
}

/** It was put out of sight before something was said of which we know. */
function afterArranging(
  room: RoomModel,
  { favourite, muted, hidden }: EventOf<"room.arranged">,
): RoomModel {
  const isSaid = room.said > hidden;
  return { ...room, favourite, muted, hidden: isSaid ? 0 : hidden };
}

function afterBlock(
  blocked: ReadonlySet<string>,
  event: EventOf<"person.blocked">,
): ReadonlySet<string> {
  const next = new Set(blocked);
  if (event.blocked) next.add(event.person);
  else next.delete(event.person);
  return next;
}

function withoutTypist(room: RoomModel, person: string): RoomModel {
  return room.typing.includes(person)
    ? { ...room, typing: room.typing.filter((id) => id !== person) }
    : room;
}

/**
 * Marks only go up (U-2). A lower one is older than what a reset or the list
 * of rooms has told since, and so is its count.
 */
function afterMark(
  room: RoomModel,
  { upTo, unread, head }: EventOf<"read.marked">,
  me: string,
): RoomModel {
  const isNews =
    upTo > room.read || (upTo === room.read && head >= room.counted.head);
  if (!isNews) return room;
  return withGiven({ ...room, read: upTo }, { given: unread, head }, me);
}
