import {
  presenceLevels,
  type PresenceLevel,
  type PresenceWord,
} from "../bus/presence-word.ts";

/** More than that are not nodes of one place; and no node has more people on it. */
const nodesMax = 100;
const peopleMax = 100_000;

interface Entry {
  level: PresenceLevel;
  /** When its node last said so, by the store's clock. */
  at: number;
}

interface Node {
  turn: number;
  at: number;
  people: Map<string, Entry>;
}

/**
 * How present people are on the other nodes. Whatever a node said holds for a
 * while and is said again before that is over: a node that died takes its people
 * with it, and a word that got lost is mended by a later one.
 */
export class PresenceElsewhere {
  readonly #holdsMs: number;
  /** A node that stops has its people shown for so long, like one of them who goes. */
  readonly #graceMs: number;
  readonly #changed: (person: string) => void;
  readonly #nodes = new Map<string, Node>();

  constructor({
    holdsMs,
    graceMs,
    changed,
  }: {
    holdsMs: number;
    graceMs: number;
    changed: (person: string) => void;
  }) {
    this.#holdsMs = holdsMs;
    this.#graceMs = graceMs;
    this.#changed = changed;
  }

  get size(): number {
    let size = this.#nodes.size;
    for (const { people } of this.#nodes.values()) size += people.size;
    return size;
  }

  levelOf(person: string): PresenceLevel {
    let highest: PresenceLevel = presenceLevels.offline;
    for (const { people } of this.#nodes.values()) {
      const { level = presenceLevels.offline } = people.get(person) ?? {};
      if (level > highest) highest = level;
    }
    return highest;
  }

  hear(
    { node: name, turn, at, people, ends }: PresenceWord,
    now: number,
  ): void {
    // A process that stood still hears what was said long ago (P15).
    if (at <= now - this.#holdsMs) return;
    const node = this.#nodes.get(name) ?? this.#add(name);
    // The same again, or one that was overtaken.
    if (node === undefined || turn < node.turn) return;
    node.turn = turn;
    node.at = Math.min(at, now);
    for (const [person, level] of people) this.#note(node, person, level);
    if (ends !== true) return;
    const leaves = now - this.#holdsMs + this.#graceMs;
    node.at = Math.min(node.at, leaves);
    for (const entry of node.people.values()) {
      entry.at = Math.min(entry.at, leaves);
    }
  }

  /** Forgets what has not been said again in time. */
  sweep(now: number): void {
    const oldest = now - this.#holdsMs;
    for (const [name, node] of this.#nodes) {
      for (const [person, { at }] of node.people) {
        if (at > oldest) continue;
        node.people.delete(person);
        this.#changed(person);
      }
      if (node.people.size === 0 && node.at <= oldest) {
        this.#nodes.delete(name);
      }
    }
  }

  #add(name: string): Node | undefined {
    if (this.#nodes.size >= nodesMax) return undefined;
    const node: Node = { turn: 0, at: 0, people: new Map() };
    this.#nodes.set(name, node);
    return node;
  }

  #note({ people, at }: Node, person: string, level: PresenceLevel): void {
    const entry = people.get(person);
    if (level === presenceLevels.offline) {
      if (people.delete(person)) this.#changed(person);
    } else if (entry === undefined) {
      if (people.size >= peopleMax) return;
      people.set(person, { level, at });
      this.#changed(person);
    } else {
      entry.at = at;
      if (entry.level === level) return;
      entry.level = level;
      this.#changed(person);
    }
  }
}
