import type { Bus } from "../bus/bus.ts";
import { presenceLevels, type PresenceLevel } from "../bus/presence-word.ts";
import { newToken } from "../identifiers.ts";
import type { Store } from "../store/store.ts";
import { inboxOwner } from "../store/stream-keys.ts";
import type { EncodedEvent } from "./encoded-event.ts";
import type { Hub } from "./hub.ts";
import { PresenceElsewhere } from "./presence-elsewhere.ts";
import { PresenceHere } from "./presence-here.ts";
import { PresenceRooms, type RoomPresence } from "./presence-rooms.ts";
import type { PresentPeople } from "./present-people.ts";
import { RoomMembers } from "./room-members.ts";

const { offline, away, online, hidden } = presenceLevels;

/** Whoever loads the page again is back within this. */
const graceSeconds = 10;

/**
 * Whoever vanished without a word is shown no longer than this after their last
 * one: 45 seconds (S-3) less those in which it is gathered here and elsewhere.
 */
const shownSecondsMax = 42;

/** Between online and away a person is told to go back and forth this often. */
const flipSeconds = 10;

/** Each person is named to the other nodes once in this time … */
const roundSeconds = 12;

/** … and forgotten there after this: two such words may get lost. */
const holdsSeconds = 36;

/** After a longer gap between two seconds this process did not run (P15) … */
const gapSeconds = 5;

/** … and for so long it hears first what happened meanwhile. */
const wakingSeconds = 3;

export interface PresenceSurroundings {
  bus: Bus;
  store: Pick<Store, "reads" | "isShared" | "now">;
  hub: Pick<Hub, "tellPresence" | "watchers">;
  people: PresentPeople;
  /** Whether the place tells at all who is here. */
  showsPresence: () => boolean;
}

/**
 * Who is here: online while one of their devices is, on whichever node, away
 * while all have said so. Whatever changes is gathered for a second, told to the
 * other nodes and to whoever here wants to know. Never stored.
 */
export class Presence implements Disposable {
  readonly #surroundings: PresenceSurroundings;
  readonly #node = newToken(12);
  readonly #here: PresenceHere;
  readonly #rooms: PresenceRooms;
  /** Who is on this node, as it is told to the others. */
  readonly #mine = new Map<string, PresenceLevel>();
  /** Goes round and round through the former. */
  #naming = this.#mine.entries();
  /** Everybody who is shown as online or away. */
  readonly #shown = new Map<string, PresenceLevel>();
  /** Who has just gone from online to away or back, and in which second. */
  readonly #flipped = new Map<string, number>();
  /** About whom something was heard since the last second. */
  #heard = new Set<string>();
  #elsewhere: PresenceElsewhere | undefined;
  #ticking: ReturnType<typeof setInterval> | undefined;
  #secondMs = 1_000;
  #second = 0;
  #tickedAt = 0;
  #wokeAt = -Infinity;
  #turn = 0;
  /** What the next word to the other nodes says besides. */
  #asks = true;
  #tellsAll = false;
  #wasTold = true;

  constructor(surroundings: PresenceSurroundings) {
    const { hub, people, store } = surroundings;
    this.#surroundings = surroundings;
    this.#here = new PresenceHere(people);
    this.#rooms = new PresenceRooms({
      hub,
      members: new RoomMembers(store.reads),
      shown: this.#shown,
      isTold: () => this.#wasTold,
    });
  }

  /** Begins once connections can come. `secondMs`: how long a second lasts. */
  start(secondMs: number): void {
    const { bus, store } = this.#surroundings;
    this.#wasTold = this.#surroundings.showsPresence();
    this.#secondMs = secondMs;
    this.#tickedAt = performance.now();
    this.#ticking = setInterval(() => {
      this.#tick();
    }, secondMs);
    if (!store.isShared) return;
    const elsewhere = new PresenceElsewhere({
      holdsMs: holdsSeconds * secondMs,
      graceMs: graceSeconds * secondMs,
      changed: (person) => this.#heard.add(person),
    });
    this.#elsewhere = elsewhere;
    bus.onPresence((word) => {
      elsewhere.hear(word, store.now());
      if (word.asks === true) this.#tellsAll = true;
    });
    bus.onDoubt(() => {
      this.#asks = true;
    });
  }

  /** Its people go elsewhere: the other nodes show them a little longer. */
  [Symbol.dispose](): void {
    if (this.#ticking === undefined) return;
    clearInterval(this.#ticking);
    this.#ticking = undefined;
    if (this.#elsewhere) this.#say([], { ends: true });
  }

  /** What is remembered; nothing, soon after the last one has gone. */
  get size(): number {
    return (
      this.#mine.size +
      this.#shown.size +
      this.#flipped.size +
      this.#heard.size +
      this.#here.size +
      this.#rooms.size +
      (this.#elsewhere?.size ?? 0)
    );
  }

  /** A connection of theirs is open, and it is known what they have chosen. */
  arrived(person: string): void {
    this.#here.arrived(person);
    this.#heard.add(person);
  }

  /**
   * One of their connections is closed, so many seconds after it was last heard;
   * `isEnded`: and their session is over, so that they do not come back by it.
   */
  departed(
    person: string,
    { silentSeconds, isEnded }: { silentSeconds: number; isEnded: boolean },
  ): void {
    this.#heard.add(person);
    if (this.#surroundings.people.connectionCount(person) > 0) return;
    const isWaking = this.#second - this.#wokeAt < wakingSeconds;
    const grace =
      isEnded || isWaking
        ? 0
        : Math.min(graceSeconds, shownSecondsMax - silentSeconds);
    const level = this.#mine.get(person) ?? offline;
    this.#here.departed(person, { level, until: this.#second + grace });
  }

  /** They have said on a device that they are away or not. */
  changed(person: string): void {
    this.#heard.add(person);
  }

  /** What a stream has just told everybody. */
  hear(stream: string, events: readonly EncodedEvent[]): void {
    this.#rooms.hear(stream, events);
    const owner = inboxOwner(stream);
    if (owner === undefined) return;
    for (const { committed } of events) {
      if (committed.event.type === "preferences.set") this.#heard.add(owner);
    }
  }

  /** Somebody who may read this room wants to know; see PresenceRooms. */
  watch(stream: string): string | undefined {
    return this.#rooms.watch(stream);
  }

  /** Who is here of a room. */
  of(stream: string): Promise<RoomPresence> {
    return this.#rooms.of(stream);
  }

  #tick(): void {
    this.#second += 1;
    this.#noticeSleep();
    for (const person of this.#here.expire(this.#second)) {
      this.#heard.add(person);
    }
    this.#elsewhere?.sweep(this.#surroundings.store.now());
    for (const [person, at] of this.#flipped) {
      if (this.#second - at < flipSeconds) break;
      this.#flipped.delete(person);
    }
    const heard = this.#heard;
    if (heard.size > 0) this.#heard = new Set();
    const words: [string, PresenceLevel][] = [];
    const news = new Set<string>();
    for (const person of heard) {
      if (this.#isOtherHere(person)) {
        words.push([person, this.#mine.get(person) ?? offline]);
      }
      if (this.#isOtherShown(person)) news.add(person);
    }
    if (this.#elsewhere) this.#tellNodes(words);
    this.#tellRooms(news);
  }

  #tellRooms(news: ReadonlySet<string>): void {
    const isTold = this.#surroundings.showsPresence();
    const isOther = isTold !== this.#wasTold;
    this.#wasTold = isTold;
    this.#rooms.tell(news, this.#second);
    if (isOther) this.#rooms.tellAll();
  }

  /** Whether they are otherwise present on this node than the others were told. */
  #isOtherHere(person: string): boolean {
    const before = this.#mine.get(person) ?? offline;
    const now = this.#here.levelOf(person);
    if (now === before) return false;
    if (isFlip(before, now)) {
      // Somebody who goes back and forth is told so from time to time.
      if (this.#flipped.has(person)) {
        this.#heard.add(person);
        return false;
      }
      this.#flipped.set(person, this.#second);
    }
    if (now === offline) this.#mine.delete(person);
    else this.#mine.set(person, now);
    return true;
  }

  /** Whether they are otherwise present, of all nodes, than they were shown. */
  #isOtherShown(person: string): boolean {
    const mine = this.#mine.get(person) ?? offline;
    const elsewhere = this.#elsewhere?.levelOf(person) ?? offline;
    const highest = mine > elsewhere ? mine : elsewhere;
    const now = highest === hidden ? offline : highest;
    if (now === (this.#shown.get(person) ?? offline)) return false;
    if (now === offline) this.#shown.delete(person);
    else this.#shown.set(person, now);
    return true;
  }

  /** What has changed, and some of the rest, so that all are named in a while. */
  #tellNodes(words: [string, PresenceLevel][]): void {
    if (this.#second - this.#wokeAt < wakingSeconds) {
      this.#tellsAll = true;
      return;
    }
    if (this.#tellsAll || this.#asks) {
      // Who has just gone is not among them, and has to be named all the same.
      const gone = words.filter(([, level]) => level === offline);
      this.#say([...this.#mine, ...gone], { asks: this.#asks });
      this.#tellsAll = false;
      this.#asks = false;
      return;
    }
    let rest = Math.ceil(this.#mine.size / roundSeconds);
    for (; rest > 0; rest -= 1) {
      const { value: next } = this.#naming.next();
      if (next === undefined) this.#naming = this.#mine.entries();
      const one = next ?? this.#naming.next().value;
      if (one !== undefined) words.push([...one]);
    }
    if (words.length > 0) this.#say(words);
  }

  #say(
    people: [string, PresenceLevel][],
    { asks = false, ends = false } = {},
  ): void {
    const { bus, store } = this.#surroundings;
    this.#turn += 1;
    bus.tellPresence({
      ...{ node: this.#node, turn: this.#turn, at: store.now(), people },
      ...(asks ? { asks } : {}),
      ...(ends ? { ends } : {}),
    });
  }

  /** Whose connections broke meanwhile is not shown as if they had just gone. */
  #noticeSleep(): void {
    const now = performance.now();
    const gapMs = now - this.#tickedAt;
    this.#tickedAt = now;
    if (gapMs <= gapSeconds * this.#secondMs) return;
    this.#wokeAt = this.#second;
    this.#here.hurry(this.#second + 1);
  }
}

function isFlip(before: PresenceLevel, now: PresenceLevel): boolean {
  return (
    (before === online && now === away) || (before === away && now === online)
  );
}
