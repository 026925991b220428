import type { RoomSummary } from "@parley/protocol";
import { recounted, roomFrom, type ChatModel } from "./chat-model.ts";
import type { RoomModel } from "./chat-model.ts";
import type { RoomsAnswer } from "./http.ts";

/**
 * The list of one's rooms as the server has it. Of a room that is followed
 * already the rows and the cursor stay; of a new one the head is the cursor.
 * With another epoch nothing that was known holds, except what is not sent.
 */
export function applyRooms(model: ChatModel, answer: RoomsAnswer): ChatModel {
  const isSameLog = answer.epoch === model.epoch;
  const rooms = new Map<string, RoomModel>();
  for (const summary of answer.rooms) {
    const known = model.rooms.get(summary.stream);
    rooms.set(
      summary.stream,
      known && isSameLog
        ? updated(known, summary)
        : roomFrom(summary, known?.timeline.pending),
    );
  }
  // The cursor of an inbox that is followed moves with its events only.
  const inbox = isSameLog ? model.inbox : answer.inbox;
  return { ...model, epoch: answer.epoch, inbox, rooms };
}

function updated(room: RoomModel, summary: RoomSummary): RoomModel {
  const { name, kind, topic, read, head, unread } = summary;
  const named = { ...room, name, kind, topic };
  const isNews =
    read > room.read || (read === room.read && head >= room.counted.head);
  if (!isNews) return named;
  const { others } = room.counted;
  return recounted({ ...named, read }, { given: unread, head, others });
}
