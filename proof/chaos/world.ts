import type { FaultProxy } from "../../packages/server/src/testing/fault-proxy.ts";
import type { History } from "../history/history.ts";
import type { ClientGroup } from "./client-group.ts";
import type { Node, Place } from "./place.ts";

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
  ways: ReadonlyMap<string, FaultProxy>;
  groups: readonly ClientGroup[];
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

  constructor(parts: WorldParts) {
    this.#parts = parts;
    this.place = parts.place;
    this.ways = parts.ways;
    this.groups = parts.groups;
    this.random = parts.random;
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
