import { presenceLevels, type PresenceLevel } from "../bus/presence-word.ts";
import type { PresentPeople } from "./present-people.ts";

const { offline, away, online, hidden } = presenceLevels;

interface Leaving {
  /** How present they count as … */
  level: PresenceLevel;
  /** … until this second. */
  until: number;
}

/**
 * How present people are on this node: as their connections say, and for a
 * while after the last one closed as they were, so that a page that is loaded
 * again shows nothing to anybody.
 */
export class PresenceHere {
  readonly #people: PresentPeople;
  readonly #leaving = new Map<string, Leaving>();

  constructor(people: PresentPeople) {
    this.#people = people;
  }

  get size(): number {
    return this.#leaving.size;
  }

  levelOf(person: string): PresenceLevel {
    const before = this.#leaving.get(person)?.level ?? offline;
    if (this.#people.connectionCount(person) === 0) return before;
    const choices = this.#people.choicesOf(person);
    // Nobody is told before it is known that they want it told.
    if (choices === undefined) return before;
    if (!choices.showsPresence) return hidden;
    for (const { isAway } of this.#people.followersOf(person)) {
      if (!isAway) return online;
    }
    return away;
  }

  /** A connection of theirs is open, and it is known what they have chosen. */
  arrived(person: string): void {
    this.#leaving.delete(person);
  }

  /** Their last connection is closed. */
  departed(person: string, leaving: Leaving): void {
    if (leaving.level !== offline) this.#leaving.set(person, leaving);
  }

  /** Nobody counts as here longer than until this second without a connection. */
  hurry(until: number): void {
    for (const leaving of this.#leaving.values()) {
      leaving.until = Math.min(leaving.until, until);
    }
  }

  /** Forgets those whose time is over, and tells who they are. */
  *expire(second: number): Iterable<string> {
    for (const [person, { until }] of this.#leaving) {
      if (until > second) continue;
      this.#leaving.delete(person);
      yield person;
    }
  }
}
