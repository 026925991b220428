import { jest } from "bun:test";
import { newPersonId } from "../identifiers.ts";
import type { PresenceWord } from "../bus/presence-word.ts";
import type { Follower } from "../rooms/follower.ts";
import { encode } from "../rooms/encoded-event.ts";
import { Hub } from "../rooms/hub.ts";
import { Presence } from "../rooms/presence.ts";
import { PresentPeople } from "../rooms/present-people.ts";
import { presenceTopic } from "../rooms/topics.ts";
import { inboxOf } from "../store/stream-keys.ts";
import type { Reads } from "../store/store.ts";
import { committed } from "./committed.ts";
import { LossyNetwork } from "./lossy-bus.ts";
import type { RelayedBus } from "./relayed-bus.ts";

/** Taken before a test fakes the timers: a turn of the real event loop. */
const realImmediate = setImmediate;

/** What somebody who watches a room was told last of each, and of how many. */
export interface Watched {
  people: Record<string, string>;
  present: number | undefined;
  /** Frames that came. */
  frames: number;
}

/** A connection, as far as presence sees it. */
export class Device implements Follower {
  readonly person: string;
  readonly sessionId = "s_0000000000000000";
  isAway = false;
  readonly topics = new Set<string>();

  constructor(person: string) {
    this.person = person;
  }

  subscribe(topic: string): void {
    this.topics.add(topic);
  }

  unsubscribe(topic: string): void {
    this.topics.delete(topic);
  }

  endSession(): void {
    this.topics.clear();
  }
}

/** One node: the real presence over connections and a bus in memory. */
export class PresenceNode {
  readonly bus: RelayedBus;
  readonly hub: Hub;
  readonly people: PresentPeople;
  readonly presence: Presence;
  readonly devices = new Set<Device>();
  /** By room. */
  readonly watched = new Map<string, Watched>();
  /** People and rooms that the other nodes were told of, and how often. */
  named = 0;
  words = 0;
  showsPresence = true;
  #seq = 0;

  constructor(world: PresenceNodes, bus: RelayedBus) {
    this.bus = bus;
    const { reads } = world;
    this.people = new PresentPeople(reads);
    this.hub = new Hub(this.people);
    this.hub.use({
      publish: (topic, frame) => {
        this.take(topic, frame);
      },
      subscriberCount: (topic) =>
        [...this.devices].filter(({ topics }) => topics.has(topic)).length,
    });
    const told = bus.tellPresence.bind(bus);
    bus.tellPresence = (word: PresenceWord) => {
      this.named += word.people.length;
      this.words += 1;
      told(word);
    };
    this.presence = new Presence({
      ...{ bus, hub: this.hub, people: this.people },
      store: {
        reads,
        isShared: true,
        now: () => Math.round(performance.now()),
      },
      showsPresence: () => this.showsPresence,
    });
    this.presence.start(1_000);
  }

  async arrive(person: string): Promise<Device> {
    const device = new Device(person);
    this.devices.add(device);
    this.people.arrive(device);
    const known = this.people.known(person);
    await turns();
    await known;
    this.presence.arrived(person);
    return device;
  }

  depart(device: Device, { silentSeconds = 0, isEnded = false } = {}): void {
    this.devices.delete(device);
    this.people.depart(device);
    this.presence.departed(device.person, { silentSeconds, isEnded });
  }

  away(device: Device, isAway: boolean): void {
    device.isAway = isAway;
    this.presence.changed(device.person);
  }

  chose(person: string, showsPresence: boolean): void {
    this.#seq += 1;
    const preferences = {
      ...{ showsPresence, showsTyping: true, roomOrder: "name" as const },
    };
    const event = committed("inbox", this.#seq, {
      ...{ type: "preferences.set", preferences },
    });
    this.#deliver(inboxOf(person), event);
  }

  /** The room tells who came or went. */
  moved(room: string, person: string, isIn: boolean): void {
    this.#seq += 1;
    const who = { id: person, name: "Ann", kind: "guest" } as const;
    const event = isIn
      ? committed(room, this.#seq, { type: "member.joined", person: who })
      : committed(room, this.#seq, { type: "member.left", person });
    this.#deliver(room, event);
  }

  /** Somebody on this node wants to know who is here of a room. */
  watch(device: Device, room: string): void {
    const whole = this.presence.watch(room);
    device.subscribe(presenceTopic(room));
    if (whole !== undefined) this.take(presenceTopic(room), whole);
  }

  take(topic: string, frame: string): void {
    const room = topic.slice(2);
    if (!topic.startsWith("p:")) return;
    const told = JSON.parse(frame) as Partial<Watched> & { whole?: true };
    const before = this.watched.get(room);
    const people = { ...(told.whole ? {} : before?.people), ...told.people };
    this.watched.set(room, {
      people: told.people === undefined ? {} : people,
      present: told.present,
      frames: (before?.frames ?? 0) + 1,
    });
  }

  /** The node is gone without a word. */
  kill(): void {
    this.bus.isCut = true;
    this.presence[Symbol.dispose]();
  }

  #deliver(stream: string, event: Parameters<typeof encode>[0]): void {
    const events = [encode({ ...event, stream })];
    this.hub.deliver(stream, events);
    this.presence.hear(stream, events);
  }
}

/** Several nodes in virtual time. Call `useFakeTimers` before. */
export class PresenceNodes implements Disposable {
  readonly network: LossyNetwork;
  readonly rooms = new Map<string, Set<string>>();
  readonly nodes: PresenceNode[] = [];
  /** Questions who is in rooms. */
  asked = 0;
  isStoreDown = false;

  constructor(random: () => number = () => 0.5) {
    this.network = new LossyNetwork(random);
  }

  node(): PresenceNode {
    const node = new PresenceNode(this, this.network.node());
    this.nodes.push(node);
    return node;
  }

  /** So many people that nobody has met. */
  crowd(count: number): string[] {
    return Array.from({ length: count }, () => newPersonId());
  }

  /** Lets seconds pass, and in each everything that waits for its turn. */
  async pass(seconds: number): Promise<void> {
    for (let second = 0; second < seconds; second += 1) {
      jest.advanceTimersByTime(1_000);
      await turns();
    }
  }

  get reads(): Reads {
    const of = (stream: string): string[] => [
      ...(this.rooms.get(stream) ?? []),
    ];
    const answer = async <Answer>(look: () => Answer): Promise<Answer> => {
      await Promise.resolve();
      if (this.isStoreDown) throw new Error("the store is down");
      return look();
    };
    const reads: Partial<Reads> = {
      heads: () => Promise.resolve(new Map()),
      memberships: (people) =>
        answer(
          () =>
            new Map(
              people.map((person) => [
                person,
                new Map(
                  [...this.rooms]
                    .filter(([, members]) => members.has(person))
                    .map(([stream]) => [stream, 0]),
                ),
              ]),
            ),
        ),
      choices: () => answer(() => new Map()),
      memberCounts: (streams) =>
        answer(() => {
          this.asked += 1;
          return new Map(streams.map((one) => [one, of(one).length]));
        }),
      membersOf: (streams) =>
        answer(() => new Map(streams.map((one) => [one, of(one)]))),
      memberIds: (stream, { after, limit }) =>
        answer(() =>
          of(stream)
            .sort()
            .filter((person) => person > after)
            .slice(0, limit),
        ),
    };
    return reads as Reads;
  }

  [Symbol.dispose](): void {
    for (const { presence } of this.nodes) presence[Symbol.dispose]();
  }
}

async function turns(): Promise<void> {
  for (let turn = 0; turn < 4; turn += 1) {
    jest.advanceTimersByTime(0);
    await new Promise((resolve) => realImmediate(resolve));
  }
}
