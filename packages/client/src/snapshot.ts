import type { Me, Person, Preferences } from "@parley/protocol";
import { roomFrom, type ChatModel, type RoomModel } from "./chat-model.ts";
import type { Message } from "./state.ts";
import type { Records } from "./storage.ts";
import { withPage } from "./timeline.ts";
import { countedAt, unreadOf } from "./unread.ts";

// What a page shows at once the next time: cursors, rooms, the last rows. One
// record per room and one for the names, so that an event does not cause all of
// it to be written; and a head that says which of them belong together.

/** Another form of the records gets another number, and older ones are dropped. */
const formVersion = 2;

export const snapshotPrefix = "snapshot ";
const headKey = `${snapshotPrefix}head`;
const peopleKey = `${snapshotPrefix}people`;
const roomKey = (stream: string) => `${snapshotPrefix}room ${stream}`;

/** As many rows per room as a page has; they fill any screen. */
const rowsMax = 50;
/** More text than this per room is not worth waiting for at the start. */
const rowsCharsMax = 65_536;
/** Names; beyond that only of those whose rows are kept. */
const peopleMax = 2_000;

export interface Snapshot {
  model: ChatModel;
  /** Read marks that the server has not confirmed. */
  marks: ReadonlyMap<string, number>;
}

interface HeadRecord {
  version: number;
  epoch: string;
  /** Never newer than the list of rooms: a room of the difference would be missing for ever. */
  inbox: number;
  /** Which save each room's record is of. */
  rooms: readonly (readonly [stream: string, save: string])[];
  people: string;
  marks: readonly (readonly [stream: string, upTo: number])[];
  /** What the inbox has told besides, up to its cursor. */
  self: Me;
  preferences: Preferences;
  blocked: readonly string[];
}

interface PeopleRecord {
  save: string;
  /** Each with when that was true. */
  people: readonly (readonly [person: Person, heard: number])[];
}

interface RoomRecord extends Pick<RoomModel, KeptFact> {
  save: string;
  isLoaded: boolean;
  from: number;
  to: number;
  messages: readonly Message[];
}

/** What of a room is kept as it is. */
const keptFacts = [
  ...(["name", "kind", "topic", "readOnly", "archived", "moderator"] as const),
  ...(["favourite", "muted", "hidden", "said", "others"] as const),
  ...(["head", "read", "counted", "deletions"] as const),
] as const;

type KeptFact = (typeof keptFacts)[number];

/** What has been written, to write only what differs the next time. */
export interface Written {
  model: ChatModel | null;
  rooms: ReadonlyMap<string, string>;
  people: string;
}

export const nothingWritten: Written = {
  model: null,
  rooms: new Map(),
  people: "",
};

/** The records that differ from what was written; `save` names this writing. */
export function snapshotRecords(
  { model, marks }: Snapshot,
  before: Written,
  save: string,
): { puts: Map<string, unknown>; deletes: string[]; written: Written } {
  const puts = new Map<string, unknown>();
  const rooms = new Map<string, string>();
  for (const [stream, room] of model.rooms) {
    const old = before.rooms.get(stream);
    const isSame =
      old !== undefined && hasSameRecord(before.model?.rooms.get(stream), room);
    rooms.set(stream, isSame ? old : save);
    if (!isSame) puts.set(roomKey(stream), roomRecord(room, save));
  }
  const isSamePeople =
    before.model?.people === model.people && before.model.heard === model.heard;
  const people = isSamePeople ? before.people : save;
  if (!isSamePeople) {
    const record: PeopleRecord = { save, people: peopleRecord(model) };
    puts.set(peopleKey, record);
  }
  const head: HeadRecord = {
    version: formVersion,
    epoch: model.epoch ?? "",
    inbox: model.inbox,
    rooms: [...rooms],
    people,
    marks: [...marks],
    self: model.self,
    preferences: model.preferences,
    blocked: [...model.blocked],
  };
  puts.set(headKey, head);
  const deletes = [...before.rooms.keys()]
    .filter((stream) => !rooms.has(stream))
    .map(roomKey);
  return { puts, deletes, written: { model, rooms, people } };
}

/**
 * What was saved, as the model goes on from it. Null when there is nothing, or
 * when it is of another form, damaged, or records of two writings.
 */
export function snapshotIn(
  records: Records,
  empty: ChatModel,
): Snapshot | null {
  const head = records.get(headKey) as HeadRecord | undefined;
  if (head?.version !== formVersion) return null;
  try {
    const { save, people } = records.get(peopleKey) as PeopleRecord;
    if (save !== head.people) return null;
    const rooms = new Map<string, RoomModel>();
    for (const [stream, written] of head.rooms) {
      const record = records.get(roomKey(stream)) as RoomRecord;
      if (record.save !== written) return null;
      rooms.set(stream, roomOf(stream, record));
    }
    const { roomOrder, showsPresence, showsTyping } = head.preferences;
    const model: ChatModel = {
      ...empty,
      epoch: text(head.epoch),
      inbox: whole(head.inbox),
      // Not as they are called since: the inbox tells that from its cursor on.
      self: selfOf(head.self, empty.me),
      preferences: { roomOrder, showsPresence, showsTyping },
      blocked: new Set(head.blocked.map(text)),
      rooms,
      people: new Map([
        ...empty.people,
        ...people.map(([one]): [string, Person] => [
          text(one.id),
          personOf(one),
        ]),
      ]),
      heard: new Map(people.map(([{ id }, heard]) => [id, whole(heard)])),
    };
    return { model, marks: new Map(head.marks) };
  } catch {
    // Whatever is wrong with it: the server has everything.
    return null;
  }
}

function hasSameRecord(one: RoomModel | undefined, other: RoomModel): boolean {
  if (one === other) return true;
  return (
    one !== undefined &&
    keptFacts.every((fact) => one[fact] === other[fact]) &&
    one.timeline.status === other.timeline.status &&
    one.timeline.from === other.timeline.from &&
    one.timeline.to === other.timeline.to &&
    one.timeline.messages === other.timeline.messages
  );
}

function roomRecord(room: RoomModel, save: string): RoomRecord {
  const { timeline } = room;
  const messages = newestRows(timeline.messages);
  const isCut = messages.length < timeline.messages.length;
  const from = isCut ? (messages[0]?.seq ?? timeline.to + 1) : timeline.from;
  const isLoaded = timeline.status === "loaded";
  const facts = Object.fromEntries(
    keptFacts.map((fact) => [fact, room[fact]]),
  ) as Pick<RoomModel, KeptFact>;
  return { save, ...facts, isLoaded, from, to: timeline.to, messages };
}

function newestRows(messages: readonly Message[]): readonly Message[] {
  const rows = messages.slice(-rowsMax);
  let chars = 0;
  for (let index = rows.length - 1; index >= 0; index -= 1) {
    chars += rows[index]?.text.length ?? 0;
    if (chars > rowsCharsMax) return rows.slice(index + 1);
  }
  return rows;
}

function peopleRecord({ people, heard, rooms }: ChatModel) {
  const all = [...people.values()].map((person): [Person, number] => [
    person,
    heard.get(person.id) ?? 0,
  ]);
  if (people.size <= peopleMax) return all;
  const shown = new Set(
    [...rooms.values()].flatMap(({ timeline, others }) => [
      ...timeline.messages.slice(-rowsMax).map(({ by }) => by),
      ...others,
    ]),
  );
  return all.filter(([{ id }]) => shown.has(id));
}

function roomOf(stream: string, record: RoomRecord): RoomModel {
  const { name, kind, topic, isLoaded, readOnly, archived, moderator } = record;
  const { favourite, muted } = record;
  const page = {
    from: whole(record.from),
    to: whole(record.to),
    messages: record.messages.map(messageOf),
  };
  const { given, head: at, others } = record.counted;
  const counted = countedAt(whole(at), whole(given), others.map(whole));
  const fresh = roomFrom({
    stream: text(stream),
    name: text(name),
    kind,
    topic: text(topic),
    head: whole(record.head),
    read: whole(record.read),
    unread: unreadOf(counted),
  });
  const timeline = withPage(fresh.timeline, page);
  return {
    ...fresh,
    ...{ readOnly: truth(readOnly), archived: truth(archived) },
    ...{ moderator: truth(moderator), favourite: truth(favourite) },
    ...{ muted: truth(muted), hidden: whole(record.hidden) },
    said: whole(record.said),
    others: record.others.map(text),
    counted,
    deletions: record.deletions.map(({ message, seq }) => ({
      message: whole(message),
      seq: whole(seq),
    })),
    timeline: { ...timeline, status: isLoaded ? "loaded" : "unloaded" },
  };
}

function messageOf(message: Message): Message {
  whole(message.seq);
  whole(message.at);
  text(message.by);
  text(message.cid);
  text(message.text);
  return message;
}

function personOf(person: Person): Person {
  text(person.name);
  return person;
}

function selfOf(self: Me, id: string): Me {
  text(self.name);
  text(self.email);
  if (self.id === id) return self;
  throw new TypeError("This is another person's snapshot.");
}

function truth(value: boolean): boolean {
  if (typeof value === "boolean") return value;
  throw new TypeError("This is no truth of a snapshot.");
}

function whole(value: number): number {
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw new TypeError("This is no number of a snapshot.");
}

function text(value: string): string {
  if (typeof value === "string") return value;
  throw new TypeError("This is no text of a snapshot.");
}
