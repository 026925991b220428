import type { AnswerOf, Event, EventOf } from "@parley/protocol";
import { messageOf } from "./apply-event.ts";
import {
  changeRoom,
  recounted,
  withPeople,
  type ChatModel,
} from "./chat-model.ts";
import type { Timeline } from "./state.ts";
import { only, trimmed, withPage } from "./timeline.ts";
import { countedAt } from "./unread.ts";

export type Reset = AnswerOf<"reset">;

/**
 * Starts a stream again from a page that ends at its head. Where too much was
 * missed, what was known stays, with a hole after it (V-3); of a log that went
 * another way nothing holds. What is not sent yet stays in any case.
 */
export function applyReset(model: ChatModel, reset: Reset): ChatModel {
  const { stream, head, reason } = reset;
  if (stream === "inbox") return { ...model, inbox: head };
  const events = reset.events as unknown as readonly Event[];
  const messages = events.filter(isMessage).map(messageOf);
  const others = messages.filter(({ by }) => by !== model.me);
  const page = { messages, from: events[0]?.seq ?? head + 1, to: head };
  const known = withPeople(model, reset.people);
  const start = reason === "far" ? withPage : only;
  const bounded = stream === model.openRoom ? asItIs : trimmed;
  return changeRoom(known, stream, (room) =>
    recounted(
      {
        ...room,
        head,
        read: reset.read ?? room.read,
        timeline: { ...bounded(start(room.timeline, page)), status: "loaded" },
        membersAsOf: head,
        typing: [],
      },
      countedAt(
        head,
        reset.unread ?? 0,
        others.map(({ seq }) => seq),
      ),
    ),
  );
}

function isMessage(event: Event): event is EventOf<"message.posted"> {
  return event.type === "message.posted";
}

/** The rows of the room on the screen are all kept. */
function asItIs(timeline: Timeline): Timeline {
  return timeline;
}
