import type { FaultProxy } from "../../packages/server/src/testing/fault-proxy.ts";
import type { History } from "../history/history.ts";
import type { ClientGroup } from "./client-group.ts";
import type { Administration } from "./administration.ts";
import type { Node, Place } from "./place.ts";
import type { PlannedPerson, Seat } from "./plan.ts";

/** What cannot be struck by two faults at once. */
export type Resource = "servers" | "clients" | "postgres" | "nats" | "ways";

/** Something that goes wrong in the world. */
export interface FaultKind {
  /** Such as "server kill -9"; the report counts by it. */
  name: string;
  on: "alone" | "several" | "both";
  needs: readonly Resource[];
  /** Why it cannot be had on this machine. */
  missing?: (world: World) => string | undefined;
  /** Does it, and undoes it. */
  strike: (world: World) => Promise<void>;
}

interface WorldParts {
  place: Place;
  /** By device. */
  ways: Map<string, FaultProxy>;
  groups: readonly ClientGroup[];
  /** The owner first. */
  people: readonly PlannedPerson[];
  administration: Administration;
  history: History;
  now: () => number;
  random: () => number;
  /** No fault lasts longer than this. */
  longestMs: number;
}

/** Everything that can be struck, and the book of what was. */
export class World {
  readonly place: Place;
  readonly ways: ReadonlyMap<string, FaultProxy>;
  readonly groups: readonly ClientGroup[];
  readonly random: () => number;
  /** How often each kind was there. */
  readonly struck = new Map<string, number>();
  readonly #parts: WorldParts;
  #seatings = 0;

  constructor(parts: WorldParts) {
    this.#parts = parts;
    this.place = parts.place;
    this.ways = parts.ways;
    this.groups = parts.groups;
    this.random = parts.random;
  }

  get people(): readonly PlannedPerson[] {
    return this.#parts.people;
  }

  get administration(): Administration {
    return this.#parts.administration;
  }

  get nodes(): readonly Node[] {
    return this.place.nodes;
  }

  get now(): () => number {
    return this.#parts.now;
  }

  /** Writes down that it begins and that it is over. */
  async during(
    kind: string,
    target: string,
    act: () => Promise<void>,
    args?: Record<string, number | string | boolean>,
  ): Promise<void> {
    const { history, now } = this.#parts;
    const fault = { k: "fault", kind, target } as const;
    const more = args === undefined ? {} : { args };
    history.record({ t: now(), ...fault, is: "on", ...more });
    this.struck.set(kind, (this.struck.get(kind) ?? 0) + 1);
    try {
      await act();
    } finally {
      history.record({ t: now(), ...fault, is: "off" });
    }
  }

  /** All sessions of somebody are over, and the server has just said so. */
  sessionsEnded({ me }: PlannedPerson): void {
    const { history, now } = this.#parts;
    for (const { name } of this.groups.flatMap((group) =>
      group.devicesOf(this.#numberOf(me.id)),
    )) {
      const who = { p: me.id, c: name, device: name };
      history.record({ t: now(), k: "session-ended", ...who });
    }
  }

  /** They sit down again at other devices, with a new session. */
  seat(person: PlannedPerson, cookie: string): void {
    person.cookie = cookie;
    const number = this.#numberOf(person.me.id);
    this.#seatings += 1;
    for (const group of this.groups) {
      const seats = group.devicesOf(number).map((planned): Seat => {
        const { name: before, browser } = planned;
        const next = (name: string) =>
          `${name.split("'")[0] ?? ""}'${this.#seatings}`;
        return {
          before,
          planned: { ...planned, name: next(before), browser: next(browser) },
        };
      });
      for (const { before, planned } of seats) this.#move(before, planned.name);
      if (seats.length > 0) group.seat(number, cookie, seats);
    }
  }

  #numberOf(id: string): number {
    return this.people.findIndex(({ me }) => me.id === id);
  }

  /** The way to the servers stays the same. */
  #move(before: string, after: string): void {
    const { ways } = this.#parts;
    const way = ways.get(before);
    if (way === undefined) return;
    ways.delete(before);
    ways.set(after, way);
  }

  /** Milliseconds between the two, short ones more often than long ones. */
  lasting(minMs: number, maxMs: number): number {
    const ms = minMs * (maxMs / minMs) ** this.random();
    return Math.round(Math.min(ms, this.#parts.longestMs));
  }

  oneOf<Item>(items: readonly Item[]): Item {
    const item = items[Math.floor(this.random() * items.length)];
    if (item === undefined) throw new Error("there is nothing to choose from");
    return item;
  }

  /** One device's way, or a third of them, or all. */
  someWays(): { target: string; ways: FaultProxy[] } {
    const entries = [...this.ways];
    const size = this.random();
    if (size < 0.4) {
      const [name, way] = this.oneOf(entries);
      return { target: name, ways: [way] };
    }
    if (size > 0.85)
      return { target: "all clients", ways: [...this.ways.values()] };
    const ways = entries.filter(() => this.random() < 1 / 3);
    return {
      target: `${ways.length} clients`,
      ways: ways.map(([, way]) => way),
    };
  }
}
