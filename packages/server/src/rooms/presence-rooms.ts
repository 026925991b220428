import { limits, type PresenceState } from "@parley/protocol";
import { presenceLevels, type PresenceLevel } from "../bus/presence-word.ts";
import type { EncodedEvent } from "./encoded-event.ts";
import type { Hub } from "./hub.ts";
import type { RoomMembers } from "./room-members.ts";

/** How many are here of a large room is told this often at most. */
const countSeconds = 5;

/** Rooms that are looked at in one second, whether anybody still wants to know. */
const sweptPerSecond = 1_000;

/** People of all these rooms together that are remembered: some thirty megabytes. */
const membersMax = 500_000;

interface WatchedRoom {
  stream: string;
  /** `untold`: more people than are counted. */
  status: "loading" | "failed" | "known" | "untold";
  members: Set<string>;
  /** Who came and went while the store was asked who is in it, in order. */
  heard: { person: string; isIn: boolean }[];
  /** Who came in since the last telling. */
  newcomers: string[];
  /** It was told in another way before, so everything has to be told. */
  isChanged: boolean;
  /** Of a large room: how many were told to be here. */
  present: number;
  /** What somebody is told who begins to watch now; made when it is needed. */
  whole: string | undefined;
}

/** Who is here of a room: each of them, or of a large one how many. */
export interface RoomPresence {
  present: number | null;
  people: Record<string, PresenceState>;
}

export interface PresenceRoomsSurroundings {
  hub: Pick<Hub, "tellPresence" | "watchers">;
  members: RoomMembers;
  /** Everybody who is shown as online or away. */
  shown: ReadonlyMap<string, PresenceLevel>;
  /** Whether anything is told at all. */
  isTold: () => boolean;
}

/**
 * The rooms of which somebody on this node wants to know who is here. What is
 * told is gathered for a second, and is one frame per room, encoded once: so it
 * costs what the rooms that are looked at cost, not what people times rooms are.
 */
export class PresenceRooms {
  readonly #hub: PresenceRoomsSurroundings["hub"];
  readonly #members: RoomMembers;
  readonly #shown: ReadonlyMap<string, PresenceLevel>;
  readonly #isTold: () => boolean;
  readonly #rooms = new Map<string, WatchedRoom>();
  /** Those in which something else has changed than how present people are. */
  readonly #touched = new Set<WatchedRoom>();
  /** What is being looked up of rooms that nobody watches; how many are in large ones holds a while. */
  readonly #lookedUp = new Map<string, Promise<RoomPresence>>();
  #sweeping: MapIterator<WatchedRoom> | undefined;
  #membersHeld = 0;
  #areCountsStale = false;

  constructor(surroundings: PresenceRoomsSurroundings) {
    this.#hub = surroundings.hub;
    this.#members = surroundings.members;
    this.#shown = surroundings.shown;
    this.#isTold = surroundings.isTold;
  }

  get size(): number {
    return this.#rooms.size + this.#lookedUp.size;
  }

  /**
   * Somebody who may read this room begins to watch it. Answers what they are
   * told first; undefined when all who watch it are told as soon as it is known.
   */
  watch(stream: string): string | undefined {
    let room = this.#rooms.get(stream);
    // Without a watcher its feed may have been closed, and nobody heard since
    // who came and went.
    if (room !== undefined && this.#hub.watchers(stream) === 0) {
      this.#forget(room);
      room = undefined;
    }
    if (room === undefined) {
      room = {
        ...{ stream, status: "loading", members: new Set() },
        ...{ heard: [], newcomers: [], isChanged: false, present: 0 },
        whole: undefined,
      };
      this.#rooms.set(stream, room);
      void this.#load(room);
    }
    return isKnown(room) ? this.#whole(room) : undefined;
  }

  /** Who came and went, as the room tells it. */
  hear(stream: string, events: readonly EncodedEvent[]): void {
    const room = this.#rooms.get(stream);
    if (room === undefined) return;
    for (const { committed } of events) {
      const { event } = committed;
      if (event.type === "member.joined") {
        this.#move(room, { person: event.person.id, isIn: true });
      } else if (event.type === "member.left") {
        this.#move(room, { person: event.person, isIn: false });
      }
    }
  }

  /** Once a second: these people are otherwise present than they were told to be. */
  tell(news: ReadonlySet<string>, second: number): void {
    if (news.size > 0) {
      this.#areCountsStale = true;
      for (const room of this.#rooms.values()) this.#tellPeople(room, news);
    }
    for (const room of this.#touched) {
      this.#touched.delete(room);
      if (room.status === "failed") void this.#load(room);
      else this.#tellPeople(room, none);
    }
    if (second % countSeconds === 0) this.#lookedUp.clear();
    if (this.#areCountsStale && second % countSeconds === 0) {
      this.#areCountsStale = false;
      for (const room of this.#rooms.values()) this.#tellCount(room);
    }
    this.#sweep();
  }

  /** Everything is told again, as after it was decided otherwise whether to tell. */
  tellAll(): void {
    for (const room of this.#rooms.values()) {
      if (isKnown(room)) this.#tellWhole(room);
    }
  }

  /** Who is here of a room, whether anybody watches it or not. */
  async of(stream: string): Promise<RoomPresence> {
    if (!this.#isTold()) return untold;
    const room = this.#rooms.get(stream);
    if (room?.status === "known" && this.#hub.watchers(stream) > 0) {
      return this.#presenceOf(room.members);
    }
    let looking = this.#lookedUp.get(stream);
    if (looking === undefined) {
      looking = this.#lookUp(stream);
      this.#lookedUp.set(stream, looking);
    }
    return looking;
  }

  async #lookUp(stream: string): Promise<RoomPresence> {
    let isLarge = false;
    try {
      const found = await this.#members.of(stream);
      isLarge = (found?.length ?? Infinity) > limits.presenceMembers;
      return found ? this.#presenceOf(new Set(found)) : untold;
    } finally {
      if (!isLarge) this.#lookedUp.delete(stream);
    }
  }

  async #load(room: WatchedRoom): Promise<void> {
    room.status = "loading";
    room.heard = [];
    try {
      const found = await this.#members.of(room.stream);
      if (this.#rooms.get(room.stream) !== room) return;
      const isTooMuch =
        found === undefined || this.#membersHeld + found.length > membersMax;
      room.status = isTooMuch ? "untold" : "known";
      if (!isTooMuch) {
        room.members = new Set(found);
        this.#membersHeld += room.members.size;
        for (const word of room.heard) this.#move(room, word);
      }
      room.heard = [];
      this.#tellWhole(room);
    } catch {
      // A store that does not answer is told of elsewhere, and asked again in a
      // second.
      room.status = "failed";
      if (this.#rooms.get(room.stream) === room) this.#touched.add(room);
    }
  }

  #move(room: WatchedRoom, word: { person: string; isIn: boolean }): void {
    const { person, isIn } = word;
    if (room.status !== "known") {
      room.heard.push(word);
      return;
    }
    const wasLarge = isLarge(room);
    const before = room.members.size;
    if (isIn) room.members.add(person);
    else room.members.delete(person);
    const change = room.members.size - before;
    if (change === 0) return;
    this.#membersHeld += change;
    room.whole = undefined;
    if (wasLarge !== isLarge(room)) room.isChanged = true;
    if (isLarge(room)) {
      this.#areCountsStale = true;
      room.newcomers = [];
    } else if (isIn) room.newcomers.push(person);
    if (room.isChanged || room.newcomers.length > 0) this.#touched.add(room);
  }

  #tellPeople(room: WatchedRoom, news: ReadonlySet<string>): void {
    if (room.status !== "known") return;
    if (room.isChanged) {
      this.#tellWhole(room);
      return;
    }
    const { members, newcomers } = room;
    if (isLarge(room)) return;
    const isFew = news.size < members.size;
    const [few, many] = isFew ? [news, members] : [members, news];
    let people: Record<string, PresenceState> | undefined;
    for (const person of few) {
      if (!many.has(person)) continue;
      people ??= {};
      people[person] = this.#stateOf(person);
    }
    for (const person of newcomers) {
      if (!members.has(person) || !this.#shown.has(person)) continue;
      people ??= {};
      people[person] = this.#stateOf(person);
    }
    if (newcomers.length > 0) room.newcomers = [];
    if (people === undefined) return;
    room.whole = undefined;
    if (this.#isTold()) this.#publish(room, { people });
  }

  #tellCount(room: WatchedRoom): void {
    if (room.status !== "known" || !isLarge(room)) return;
    const present = this.#count(room.members);
    if (present === room.present) return;
    room.present = present;
    room.whole = undefined;
    if (this.#isTold()) this.#publish(room, { present });
  }

  #tellWhole(room: WatchedRoom): void {
    room.isChanged = false;
    room.newcomers = [];
    room.whole = undefined;
    if (isLarge(room)) room.present = this.#count(room.members);
    this.#publish(room, this.#whole(room));
  }

  #publish({ stream }: WatchedRoom, told: object | string): void {
    const text = typeof told === "string" ? told : signal(stream, told);
    this.#hub.tellPresence(stream, text);
  }

  #whole(room: WatchedRoom): string {
    room.whole ??= this.#makeWhole(room);
    return room.whole;
  }

  #makeWhole(room: WatchedRoom): string {
    const { stream, members, status } = room;
    if (!this.#isTold() || status !== "known") return signal(stream, {});
    if (isLarge(room)) {
      return signal(stream, { present: this.#count(members) });
    }
    const { people } = this.#presenceOf(members);
    return signal(stream, { people, whole: true });
  }

  #presenceOf(members: ReadonlySet<string>): RoomPresence {
    if (members.size > limits.presenceMembers) {
      return { present: this.#count(members), people: {} };
    }
    const here = [...members].filter((person) => this.#shown.has(person));
    return {
      present: here.length,
      people: Object.fromEntries(
        here.map((person) => [person, this.#stateOf(person)]),
      ),
    };
  }

  #count(members: ReadonlySet<string>): number {
    const isFew = members.size < this.#shown.size;
    const [few, many] = isFew ? [members, this.#shown] : [this.#shown, members];
    let count = 0;
    for (const person of few.keys()) if (many.has(person)) count += 1;
    return count;
  }

  #stateOf(person: string): PresenceState {
    const level = this.#shown.get(person);
    if (level === undefined) return "offline";
    return level === presenceLevels.away ? "away" : "online";
  }

  #sweep(): void {
    for (let looked = 0; looked < sweptPerSecond; looked += 1) {
      this.#sweeping ??= this.#rooms.values();
      const { value: room } = this.#sweeping.next();
      if (room === undefined) {
        this.#sweeping = undefined;
        return;
      }
      if (this.#hub.watchers(room.stream) === 0) this.#forget(room);
    }
  }

  #forget(room: WatchedRoom): void {
    this.#rooms.delete(room.stream);
    this.#touched.delete(room);
    this.#membersHeld -= room.members.size;
  }
}

const untold: RoomPresence = { present: null, people: {} };

const none: ReadonlySet<string> = new Set();

function isKnown({ status }: WatchedRoom): boolean {
  return status === "known" || status === "untold";
}

function isLarge({ members }: WatchedRoom): boolean {
  return members.size > limits.presenceMembers;
}

function signal(stream: string, told: object): string {
  return JSON.stringify({ type: "presence", stream, ...told });
}
