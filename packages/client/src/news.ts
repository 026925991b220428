import type { Event, RoomSummary } from "@parley/protocol";
import { applyReset, type Reset } from "./apply-reset.ts";
import { cursorOf } from "./chat-model.ts";
import type { Feed } from "./feed.ts";
import type { Following } from "./following.ts";
import type { LiveModel } from "./live-model.ts";
import type { Outbox } from "./outbox.ts";
import type { Pages } from "./pages.ts";
import type { People } from "./people.ts";
import type { Presence } from "./presence.ts";
import type { Reading } from "./reading.ts";
import type { RoomList } from "./room-list.ts";
import type { Message } from "./state.ts";
import type { Typing } from "./typing.ts";

/** What came from the server, beyond what is known by it: timers and questions. */
export interface News {
  /** This event was the next of its stream. */
  applied(event: Event): void;
  /** A stream starts again from this page. */
  reset(answer: Reset): void;
  /** These are the rooms, and the marks in them are the server's. */
  listed(rooms: readonly RoomSummary[]): void;
  /** The authors need names, and one's own messages are no longer unsent. */
  rowsCame(rows: readonly Pick<Message, "by" | "cid" | "seq">[]): void;
}

/** Over so long are those spread who ask because of one deletion … */
const afterDeletionMs = 5_000;
/** … and those of whom many come back at once. */
const afterGapMs = 30_000;

export function createNews(parts: {
  model: LiveModel;
  typing: Typing;
  presence: Presence;
  reading: Reading;
  outbox: Outbox;
  people: People;
  pages: Pages;
  roomList: RoomList;
  feed: Feed;
  following: Following;
  /** What is not sent in this room is to be shown again. */
  showPending: (stream: string) => void;
}): News {
  const { model, typing, presence, reading, outbox } = parts;
  const { people, pages, roomList, feed, following } = parts;

  function applied(event: Event) {
    const { stream, seq, by } = event;
    switch (event.type) {
      case "message.posted":
        typing.ended(stream, by);
        rowsCame([{ by, seq, cid: event.cid ?? "" }]);
        break;
      case "member.left":
        typing.ended(stream, event.person);
        presence.left(stream, event.person);
        break;
      case "message.deleted":
        pages.deleted(stream, event.message);
        askIfDoubtful(stream);
        break;
      case "read.marked":
        reading.confirmed(event.room, event.upTo);
        askIfDoubtful(event.room);
        break;
      case "room.joined":
        roomCame(event.room.stream);
        following.update();
        pages.refresh();
        break;
      case "room.left":
        following.left(event.room);
        break;
      case "person.blocked":
        // Who is blocked is listed by name, wherever one met them.
        people.need([event.person]);
        break;
      case "room.created":
      case "room.changed":
      case "room.arranged":
      case "member.joined":
      case "member.changed":
      case "me.changed":
      case "preferences.set":
      case "session.ended":
      case "place.acted":
        break;
    }
    outbox.reached(stream, seq);
  }

  function reset(answer: Reset) {
    const { stream, head } = answer;
    model.change((now) => applyReset(now, answer));
    feed.restarted(stream);
    if (stream === "inbox") {
      roomList.reload();
      return;
    }
    const room = model.now().rooms.get(stream);
    rowsCame(room?.timeline.messages ?? []);
    afterGap(answer);
    outbox.reached(stream, head);
    reading.confirmed(stream, answer.read ?? 0);
    reading.reapply();
  }

  /**
   * What the events that were passed over would have told: which rows are
   * deleted, what the room is like, and what people are called.
   */
  function afterGap({ stream, events, head }: Reset) {
    const [first] = events;
    pages.passedOver(stream, (first?.seq ?? head + 1) - 1);
    roomList.doubt(afterGapMs);
    people.doubt(afterGapMs);
  }

  function listed(rooms: readonly RoomSummary[]) {
    // The server's own marks: the screen's may be ahead of them, not confirmed.
    for (const { stream, read } of rooms) {
      roomCame(stream);
      reading.confirmed(stream, read);
      askIfDoubtful(stream);
    }
    reading.reapply();
    following.update();
    pages.refresh();
    people.need([...model.now().blocked]);
  }

  /** A room begins at a head, so what was stored below it shows no event. */
  function roomCame(stream: string) {
    outbox.reached(stream, cursorOf(model.now(), stream) ?? 0);
    parts.showPending(stream);
  }

  function askIfDoubtful(stream: string) {
    const room = model.now().rooms.get(stream);
    if (room?.counted.isDoubtful) roomList.doubt(afterDeletionMs);
  }

  function rowsCame(rows: readonly Pick<Message, "by" | "cid" | "seq">[]) {
    people.need(rows.map(({ by }) => by));
    for (const { by, cid, seq } of rows) {
      if (by === model.now().me) outbox.confirm(cid, seq);
    }
  }

  return { applied, reset, listed, rowsCame };
}
