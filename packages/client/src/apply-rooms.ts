import type { RoomSummary } from "@parley/protocol";
import {
  appearanceIn,
  arrangementIn,
  roomFrom,
  type ChatModel,
} from "./chat-model.ts";
import type { RoomModel } from "./chat-model.ts";
import { withGiven } from "./count-unread.ts";
import { withPeople } from "./people-facts.ts";
import type { RoomsAnswer } from "./rooms-api.ts";

/**
 * The list of one's rooms as the server has it, and what else the inbox tells.
 * Of a room that is followed already the rows and the cursor stay; of a new one
 * the head is the cursor. With another epoch nothing that was known holds,
 * except what is not sent. `asOf` is when it was asked for (people-facts.ts).
 */
export function applyRooms(
  model: ChatModel,
  answer: RoomsAnswer,
  asOf: number = model.time.latest,
): ChatModel {
  const isSameLog = answer.epoch === model.epoch;
  const rooms = new Map<string, RoomModel>();
  for (const summary of answer.rooms) {
    const known = model.rooms.get(summary.stream);
    rooms.set(
      summary.stream,
      known && isSameLog
        ? updated(known, summary, model.me)
        : roomFrom(summary, known?.timeline.pending),
    );
  }
  // The cursor of an inbox that is followed moves with its events only.
  const inbox = isSameLog ? model.inbox : answer.inbox;
  const { epoch, me: self, preferences, blocked } = answer;
  const people = [self, ...answer.rooms.flatMap((room) => room.people ?? [])];
  const known = isSameLog ? model : { ...model, heard: new Map() };
  return {
    ...withPeople(known, people, asOf),
    ...{ epoch, inbox, rooms, self, preferences },
    blocked: new Set(blocked),
  };
}

function updated(room: RoomModel, summary: RoomSummary, me: string): RoomModel {
  const { read, head, unread, moderator = false } = summary;
  // The room's own events may have told more than a list that was on its way.
  const appearance =
    head >= room.head ? { ...appearanceIn(summary), moderator } : {};
  const named = { ...room, ...appearance, ...sightIn(summary, room) };
  const isNews =
    read > room.read || (read === room.read && head >= room.counted.head);
  if (!isNews) return named;
  return withGiven({ ...named, read }, { given: unread, head }, me);
}

/** The inbox' word, which a list that is taken has; what was said since counts. */
function sightIn(summary: RoomSummary, { said }: RoomModel) {
  const { hidden, ...arrangement } = arrangementIn(summary);
  const { head } = summary;
  if (hidden === 0) {
    return { ...arrangement, hidden, said: Math.max(said, head) };
  }
  return said > head
    ? { ...arrangement, hidden: 0, said }
    : { ...arrangement, hidden, said: hidden };
}
