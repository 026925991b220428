import type { Event, EventOf } from "@parley/protocol";
import {
  changeRoom,
  cursorOf,
  putRoom,
  recounted,
  roomFrom,
  withoutRoom,
  withPeople,
  type ChatModel,
  type RoomModel,
} from "./chat-model.ts";
import type { Message } from "./state.ts";
import { trimmed, withNext, withoutPending } from "./timeline.ts";
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
    case "room.created": {
      const { name, kind, topic } = event;
      return changeRoom(moved, event.stream, (room) => ({
        ...room,
        name,
        kind,
        topic,
      }));
    }
    case "member.joined":
      return changeRoom(
        withPeople(moved, [event.person]),
        event.stream,
        (room) => ({
          ...room,
          membersAsOf: event.seq,
        }),
      );
    case "member.left":
      return changeRoom(moved, event.stream, (room) => ({
        ...withoutTypist(room, event.person),
        membersAsOf: event.seq,
      }));
    case "room.joined":
      // Also said when another device of ours knew first: keep what we have.
      return moved.rooms.has(event.room.stream)
        ? moved
        : putRoom(moved, roomFrom(event.room));
    case "room.left":
      return withoutRoom(moved, event.room);
    case "read.marked":
      return changeRoom(moved, event.room, (room) => afterMark(room, event));
    case "session.ended":
      // Another device's; our own connection would have been closed.
      return moved;
    default:
      event satisfies never;
      // From a newer server: nothing to show, but its number is used up (I6).
      return moved;
  }
}

/** A stored message as a row. */
export function messageOf(event: EventOf<"message.posted">): Message {
  const { seq, at, by, text } = event;
  // What came without a cid still needs a key that no other row has.
  return { seq, at, by, cid: event.cid ?? `${event.stream}/${seq}`, text };
}

/** Moves the cursor, and the end of the run if it stood there. */
function move(model: ChatModel, event: Event): ChatModel {
  const { stream, seq } = event;
  if (stream === "inbox") return { ...model, inbox: seq };
  const message = event.type === "message.posted" ? messageOf(event) : null;
  return changeRoom(model, stream, (room) => {
    const timeline = withNext(room.timeline, seq, message);
    const isOpen = stream === model.openRoom;
    return {
      ...room,
      head: seq,
      timeline: isOpen ? timeline : trimmed(timeline),
    };
  });
}

function afterMessage(room: RoomModel, message: Message, me: string) {
  const { by, cid, seq } = message;
  if (by === me) {
    return { ...room, timeline: withoutPending(room.timeline, cid) };
  }
  return recounted(withoutTypist(room, by), noticed(room.counted, seq));
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
): RoomModel {
  const isNews =
    upTo > room.read || (upTo === room.read && head >= room.counted.head);
  if (!isNews) return room;
  const { others } = room.counted;
  return recounted({ ...room, read: upTo }, { given: unread, head, others });
}
