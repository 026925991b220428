import type { AnswerOf, Event, EventOf } from "@parley/protocol";
import { messageOf } from "./apply-event.ts";
import {
  changeRoom,
  recounted,
  withPeople,
  type ChatModel,
} from "./chat-model.ts";
import { only } from "./timeline.ts";
import { countedAt } from "./unread.ts";

export type Reset = AnswerOf<"reset">;

/**
 * Starts a stream again from a page that ends at its head: what could not be
 * continued is replaced, what is not sent yet stays.
 */
export function applyReset(model: ChatModel, reset: Reset): ChatModel {
  const { stream, head } = reset;
  if (stream === "inbox") return { ...model, inbox: head };
  const events = reset.events as unknown as readonly Event[];
  const messages = events.filter(isMessage).map(messageOf);
  const others = messages.filter(({ by }) => by !== model.me);
  const page = { messages, from: events[0]?.seq ?? head + 1, to: head };
  const known = withPeople(model, reset.people);
  return changeRoom(known, stream, (room) =>
    recounted(
      {
        ...room,
        head,
        read: reset.read ?? room.read,
        timeline: { ...only(room.timeline, page), status: "loaded" },
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
