import type { AnswerOf, Event, EventOf } from "@parley/protocol";
import { messageOf } from "./apply-event.ts";
import { changeRoom, recounted, type ChatModel } from "./chat-model.ts";
import { withPeople } from "./people-facts.ts";
import { only, withPage } from "./timeline.ts";
import { countedAt } from "./unread.ts";

export type Reset = AnswerOf<"reset">;

/**
 * Starts a stream again from a page that ends at its head. Where too much was
 * missed, what was known stays on the screen, with a hole after it (V-3), until
 * it is known what of it was deleted (recheck.ts); of a log that went another
 * way nothing holds. What is not sent yet stays in any case.
 */
export function applyReset(model: ChatModel, reset: Reset): ChatModel {
  const { stream, head, reason } = reset;
  if (stream === "inbox") return { ...model, inbox: head };
  const events = reset.events as unknown as readonly Event[];
  const messages = events.filter(isMessage).map(messageOf);
  const others = messages.filter(
    ({ by, deleted }) => by !== model.me && deleted !== true,
  );
  const said = messages.at(-1)?.seq ?? 0;
  const page = { messages, from: events[0]?.seq ?? head + 1, to: head };
  const known = withPeople(model, reset.people, model.time.greeted);
  const isShown = stream === model.openRoom;
  const start = reason === "far" && isShown ? withPage : only;
  return changeRoom(known, stream, (room) =>
    recounted(
      {
        ...room,
        head,
        read: reset.read ?? room.read,
        timeline: { ...start(room.timeline, page), status: "loaded" },
        said: Math.max(room.said, said),
        hidden: said > room.hidden ? 0 : room.hidden,
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
