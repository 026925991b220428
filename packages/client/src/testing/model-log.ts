import {
  limits,
  type Event,
  type EventOf,
  type Person,
  type RoomSummary,
} from "@parley/protocol";

/** What a server stores: the people, the rooms and the numbered logs. */
export interface ModelLog {
  addPerson: (id: string, name: string) => void;
  addRoom: (stream: string, name: string, members: readonly string[]) => void;
  post: (person: string, stream: string, text: string, cid?: string) => void;
  join: (person: string, stream: string) => void;
  leave: (person: string, stream: string) => void;
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
}

export type EventParts = { type: string; by: string } & Record<string, unknown>;

interface Room {
  stream: string;
  name: string;
  kind: "lobby" | "public";
  topic: string;
  members: Set<string>;
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

  function tell(person: string, type: string, data: object) {
    appendTo("inbox", person, { type, by: person, ...data });
  }

  function addRoom(stream: string, name: string, members: readonly string[]) {
    const kind = rooms.size === 0 ? "lobby" : "public";
    const topic = "";
    rooms.set(stream, { stream, name, kind, topic, members: new Set() });
    const by = members[0] ?? "u_nobody";
    append(stream, { type: "room.created", by, name, kind, topic });
    for (const person of members) join(person, stream);
  }

  function append(stream: string, event: EventParts) {
    return appendTo(stream, null, event);
  }

  function join(person: string, stream: string) {
    const room = rooms.get(stream);
    const known = people.get(person);
    if (!room || !known || room.members.has(person)) return;
    room.members.add(person);
    append(stream, { type: "member.joined", by: person, person: known });
    marks.set(`${person} ${stream}`, logOf(stream).length);
    tell(person, "room.joined", { room: summary(stream, person) });
  }

  function leave(person: string, stream: string) {
    const room = rooms.get(stream);
    if (!room?.members.has(person)) return;
    append(stream, { type: "member.left", by: person, person });
    room.members.delete(person);
    tell(person, "room.left", { room: stream });
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
      ({ seq, by }) => seq > read(person, stream) && by !== person,
    );
    return Math.min(limits.unreadCount, above.length);
  }

  function summary(stream: string, person: string): RoomSummary | undefined {
    const room = rooms.get(stream);
    if (room === undefined) return undefined;
    const { name, kind, topic } = room;
    return {
      stream,
      name,
      kind,
      topic,
      head: logOf(stream).length,
      read: read(person, stream),
      unread: unread(person, stream),
    };
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
    addPerson: (id, name) => void people.set(id, { id, name, kind: "guest" }),
    post(by, stream, text, cid = `c-${clock}`) {
      append(stream, { type: "message.posted", by, cid, text });
    },
    events: (stream, person) => logOf(stream === "inbox" ? person : stream),
    summaries: (person) =>
      [...rooms.keys()]
        .filter((stream) => isIn(stream, person))
        .flatMap((stream) => summary(stream, person) ?? []),
    people: (ids) => [...new Set(ids)].flatMap((id) => people.get(id) ?? []),
  };
}
