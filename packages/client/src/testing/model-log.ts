import {
  limits,
  type Event,
  type EventOf,
  type Me,
  type Person,
  type Preferences,
  type RoomKind,
  type RoomSummary,
} from "@parley/protocol";
import { createModelChoices, type ModelChoices } from "./model-choices.ts";

/** What a server stores: the people, the rooms and the numbered logs. */
export interface ModelLog extends Pick<
  ModelChoices,
  "setPreferences" | "block"
> {
  addPerson: (id: string, name: string) => void;
  /** The first is the lobby. The first member of another is its moderator. */
  addRoom: (
    stream: string,
    name: string,
    members: readonly string[],
    kind?: RoomKind,
  ) => void;
  post: (person: string, stream: string, text: string, cid?: string) => void;
  /** Whoever deletes it; a deleted one stays so. */
  deleteMessage: (person: string, stream: string, seq: number) => void;
  join: (person: string, stream: string, by?: string) => void;
  leave: (person: string, stream: string, by?: string) => void;
  changeRoom: (stream: string, changes: RoomChanges) => void;
  setModerator: (stream: string, person: string, moderator: boolean) => void;
  /** Another name or rank, told to themselves and in their rooms. */
  changePerson: (id: string, changes: Partial<Person>) => void;
  arrange: (person: string, stream: string, wanted: Wanted) => Arrangement;
  /** Any event of a room, known to the client or not. */
  append: (stream: string, event: EventParts) => Event;
  mark: (person: string, stream: string, upTo: number) => void;

  isIn: (stream: string, person: string) => boolean;
  /** Everything of a stream, as this person reads it. */
  events: (stream: string, person: string) => readonly Event[];
  messages: (stream: string) => EventOf<"message.posted">[];
  read: (person: string, stream: string) => number;
  /** Others' messages above the mark, recounted from the log. */
  unread: (person: string, stream: string) => number;
  summary: (stream: string, person: string) => RoomSummary | undefined;
  summaries: (person: string) => RoomSummary[];
  people: (ids: readonly string[]) => Person[];
  members: (stream: string) => Person[];
  /** By the clock of the events. */
  now: () => number;
  /** What the list of rooms says besides. */
  own: (person: string) => Own;
}

export type RoomChanges = Partial<
  Pick<Room, "name" | "topic" | "readOnly" | "archived">
> & { kind?: "public" | "private" };

export interface Wanted {
  favourite?: boolean;
  muted?: boolean;
  hidden?: boolean;
}

interface Arrangement {
  favourite: boolean;
  muted: boolean;
  hidden: number;
}

interface Own {
  me: Me;
  preferences: Preferences;
  blocked: string[];
}

export type EventParts = { type: string; by: string } & Record<string, unknown>;

interface Room {
  stream: string;
  name: string;
  kind: RoomKind;
  topic: string;
  readOnly: boolean;
  archived: boolean;
  /** Who is in it from the beginning; of a direct room, for ever. */
  people: readonly string[];
  members: Map<string, Membership>;
}

interface Membership extends Arrangement {
  moderator: boolean;
}

/** `happened` is called for each event; an inbox's has its `owner`. */
export function createModelLog(
  happened: (event: Event, owner: string | null) => void,
): ModelLog {
  const people = new Map<string, Person>();
  const rooms = new Map<string, Room>();
  /** By stream, and an inbox by its owner. */
  const logs = new Map<string, Event[]>();
  const marks = new Map<string, number>();
  const choices = createModelChoices((person, type, data) =>
    tell(person, type, data),
  );
  let clock = 0;

  function appendTo(
    stream: string,
    owner: string | null,
    parts: EventParts,
  ): Event {
    clock += 1;
    const events = logOf(owner ?? stream);
    logs.set(owner ?? stream, events);
    const seq = events.length + 1;
    // Also made of types that no version knows, so the compiler cannot check.
    const event = { stream, seq, at: clock, ...parts } as unknown as Event;
    events.push(event);
    happened(event, owner);
    return event;
  }

  function logOf(key: string): Event[] {
    return logs.get(key) ?? [];
  }

  function tell(person: string, type: string, data: object, by = person) {
    appendTo("inbox", person, { type, by, ...data });
  }

  function addRoom(
    stream: string,
    name: string,
    members: readonly string[],
    kind: RoomKind = rooms.size === 0 ? "lobby" : "public",
  ) {
    const topic = "";
    const plain = { readOnly: false, archived: false, people: members };
    rooms.set(stream, {
      ...{ stream, name, kind, topic, ...plain },
      members: new Map(),
    });
    const by = members[0] ?? "u_nobody";
    append(stream, { type: "room.created", by, name, kind, topic });
    for (const person of members) {
      join(person, stream, kind === "direct" ? by : person);
    }
  }

  function append(stream: string, event: EventParts) {
    return appendTo(stream, null, event);
  }

  function join(person: string, stream: string, by = person) {
    const room = rooms.get(stream);
    const known = people.get(person);
    if (!room || !known || room.members.has(person)) return;
    const isFirst = room.members.size === 0;
    const moderator =
      isFirst && room.kind !== "lobby" && room.kind !== "direct";
    const hidden = room.kind === "direct" && person !== by;
    append(stream, {
      ...{ type: "member.joined", by, person: known },
      ...(moderator ? { moderator } : {}),
    });
    const head = logOf(stream).length;
    room.members.set(person, {
      ...{ moderator, favourite: false, muted: false },
      hidden: hidden ? head : 0,
    });
    marks.set(`${person} ${stream}`, head);
    tell(person, "room.joined", { room: summary(stream, person) }, by);
  }

  function leave(person: string, stream: string, by = person) {
    const room = rooms.get(stream);
    if (!room?.members.has(person)) return;
    append(stream, { type: "member.left", by, person });
    room.members.delete(person);
    tell(person, "room.left", { room: stream }, by);
  }

  function deleteMessage(by: string, stream: string, message: number) {
    const events = logOf(stream);
    const found = events[message - 1];
    if (found?.type !== "message.posted" || found.deleted) return;
    // Its text is nowhere any more, also not where it is replayed.
    events[message - 1] = { ...found, text: "", deleted: true };
    append(stream, { type: "message.deleted", by, message });
  }

  function changeRoom(stream: string, changes: RoomChanges) {
    const room = rooms.get(stream);
    const [by = "u_nobody"] = room?.members.keys() ?? [];
    if (room === undefined) return;
    Object.assign(room, changes);
    append(stream, { type: "room.changed", by, ...changes });
  }

  function setModerator(stream: string, person: string, moderator: boolean) {
    const member = rooms.get(stream)?.members.get(person);
    if (!member || member.moderator === moderator) return;
    member.moderator = moderator;
    const known = people.get(person);
    const type = "member.changed";
    append(stream, { type, by: person, person: known, moderator });
  }

  function changePerson(id: string, changes: Partial<Person>) {
    const known = people.get(id);
    if (known === undefined) return;
    const person = { ...known, ...changes };
    people.set(id, person);
    tell(id, "me.changed", { me: meOf(id) });
    for (const [stream, { members }] of rooms) {
      if (!members.has(id)) continue;
      append(stream, { type: "member.changed", by: id, person });
    }
  }

  function arrange(person: string, stream: string, wanted: Wanted) {
    const member = rooms.get(stream)?.members.get(person);
    const before = member ?? { favourite: false, muted: false, hidden: 0 };
    const { favourite = before.favourite, muted = before.muted } = wanted;
    const head = wanted.hidden ? logOf(stream).length : 0;
    const hidden = wanted.hidden === undefined ? before.hidden : head;
    const next = { favourite, muted, hidden };
    if (member === undefined) return next;
    Object.assign(member, next);
    tell(person, "room.arranged", { room: stream, ...next });
    return next;
  }

  function meOf(id: string): Me {
    const known = people.get(id) ?? { id, name: id, kind: "guest" };
    return { ...known, email: "a@b.example" };
  }

  function mark(person: string, room: string, upTo: number) {
    if (upTo <= read(person, room)) return;
    marks.set(`${person} ${room}`, upTo);
    const head = logOf(room).length;
    const left = unread(person, room);
    tell(person, "read.marked", { room, upTo, unread: left, head });
  }

  function messages(stream: string) {
    return logOf(stream).filter((event) => event.type === "message.posted");
  }

  function read(person: string, stream: string) {
    return marks.get(`${person} ${stream}`) ?? 0;
  }

  function unread(person: string, stream: string) {
    const above = messages(stream).filter(
      ({ seq, by, deleted }) =>
        seq > read(person, stream) && by !== person && !deleted,
    );
    return Math.min(limits.unreadCount, above.length);
  }

  function summary(stream: string, person: string): RoomSummary | undefined {
    const room = rooms.get(stream);
    const member = room?.members.get(person);
    if (!room || !member) return undefined;
    const { name, kind, topic, readOnly, archived } = room;
    const { moderator, favourite, muted } = member;
    const said = messages(stream).at(-1)?.seq ?? 0;
    const hidden = said > member.hidden ? 0 : member.hidden;
    const others = room.people.filter((id) => id !== person);
    return {
      ...{ stream, name, kind, topic },
      ...(readOnly ? { readOnly } : {}),
      ...(archived ? { archived } : {}),
      ...(kind === "direct" ? { people: asked(others) } : {}),
      ...(moderator ? { moderator } : {}),
      ...(favourite ? { favourite } : {}),
      ...(muted ? { muted } : {}),
      ...(hidden > 0 ? { hidden } : {}),
      head: logOf(stream).length,
      read: read(person, stream),
      unread: unread(person, stream),
    };
  }

  function asked(ids: readonly string[]): Person[] {
    return [...new Set(ids)].flatMap((id) => people.get(id) ?? []);
  }

  function isIn(stream: string, person: string) {
    if (stream === "inbox") return true;
    return rooms.get(stream)?.members.has(person) === true;
  }

  return {
    addRoom,
    append,
    join,
    leave,
    mark,
    messages,
    read,
    unread,
    summary,
    isIn,
    deleteMessage,
    changeRoom,
    setModerator,
    changePerson,
    arrange,
    setPreferences: choices.setPreferences,
    block: choices.block,
    addPerson: (id, name) => void people.set(id, { id, name, kind: "guest" }),
    post(by, stream, text, cid = `c-${clock}`) {
      append(stream, { type: "message.posted", by, cid, text });
    },
    events: (stream, person) => logOf(stream === "inbox" ? person : stream),
    summaries: (person) =>
      [...rooms.keys()]
        .filter((stream) => isIn(stream, person))
        .flatMap((stream) => summary(stream, person) ?? []),
    people: asked,
    members: (stream) =>
      [...(rooms.get(stream)?.members ?? [])].flatMap(([id, { moderator }]) =>
        asked([id]).map((one) => (moderator ? { ...one, moderator } : one)),
      ),
    now: () => clock,
    own: (person) => ({
      me: meOf(person),
      preferences: choices.preferences(person),
      blocked: choices.blocked(person),
    }),
  };
}
