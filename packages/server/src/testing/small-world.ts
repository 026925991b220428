import {
  readFrame,
  type Event,
  type FrameObject,
  type Person,
} from "@parley/protocol";
import type { Sessions } from "../auth/sessions.ts";
import { MemoryBus } from "../bus/memory-bus.ts";
import { readConfig } from "../config.ts";
import { Feeds } from "../rooms/feeds.ts";
import { Hub } from "../rooms/hub.ts";
import { PresentPeople } from "../rooms/present-people.ts";
import { AnswerBatch } from "../socket/answer-batch.ts";
import { Connection } from "../socket/connection.ts";
import type { Ws } from "../socket/socket.ts";
import type { SocketSurroundings } from "../socket/surroundings.ts";
import { Turnstile } from "../socket/turnstile.ts";
import { inboxOf, wireName } from "../store/stream-keys.ts";
import type { CommittedEvent, Reads } from "../store/store.ts";

const me: Person = { id: "u_me00000000", name: "Me", kind: "guest" };
const author: Person = { id: "u_other00000", name: "Other", kind: "guest" };

/** The room that everything happens in. */
export const room = "r_room000000";

/**
 * The real connection, feeds and hub over a store and sockets in memory. Each
 * wait for the store is two steps, before and after it looks; a test lets
 * something happen at a step of its choice, and so finds what a real server
 * would show once in a thousand runs.
 */
export class SmallWorld {
  /** What happens at which step; counted from 1. */
  readonly happenings = new Map<number, () => void>();
  steps = 0;
  /** Failures that were logged. */
  failures = 0;
  /** Pages of events that were asked of the store. */
  pages = 0;
  isMember = true;
  readonly epoch = "thislog";
  readonly #logs = new Map<string, CommittedEvent[]>([
    [room, []],
    [inboxOf(me.id), []],
  ]);
  readonly #untold: CommittedEvent[] = [];
  readonly #sockets = new Set<SmallSocket>();
  readonly #bus = new MemoryBus();
  readonly #feeds: Feeds;
  readonly #surroundings: SocketSurroundings;

  constructor() {
    const reads = this.#reads();
    const people = new PresentPeople(reads);
    const hub = new Hub(people);
    this.#feeds = new Feeds(this.#bus, reads, {
      deliver: (stream, events) => {
        hub.deliver(stream, events);
      },
      // Whoever waits for the read is told as well, and counted.
      onError: () => undefined,
    });
    hub.use({
      publish: (topic, frame) => {
        for (const socket of this.#sockets) {
          if (socket.topics.has(topic)) socket.take(frame);
        }
      },
      subscriberCount: () => this.#sockets.size,
    });
    const sessions: Pick<Sessions, "find" | "confirm"> = {
      find: () =>
        Promise.resolve({
          me: { ...me, email: "" },
          tokenHash: "",
          publicId: "s_0000000000000000",
          createdAt: 0,
          usedAt: 0,
          expiresAt: Infinity,
          confirmedAt: 0,
          askedAt: 0,
          meAt: 0,
        }),
      confirm: () => Promise.resolve(true),
    };
    this.#surroundings = {
      config: readConfig({ PARLEY_LIMITS: "off" }),
      log: { error: () => (this.failures += 1) },
      commands: { store: { epoch: this.epoch, reads, now: () => 0 } },
      sessions,
      feeds: this.#feeds,
      people,
      place: { settings: { name: "Parley" } },
      presence: {
        arrived: () => undefined,
        departed: () => undefined,
        watch: (stream: string) =>
          JSON.stringify({ type: "presence", stream, present: 1 }),
      },
      answers: new AnswerBatch(),
      comingBack: new Turnstile(1),
      clock: { seconds: 0 },
    } as unknown as SocketSurroundings;
  }

  /** Connections that count as present. */
  get present(): number {
    return this.#surroundings.people.connectionCount(me.id);
  }

  /** Who is being brought level, one at a time, or waits for that. */
  get comingBack(): number {
    return this.#surroundings.comingBack.crowd;
  }

  get head(): number {
    return this.#logs.get(room)?.length ?? 0;
  }

  /** Somebody says so many things; `isTold: false` keeps it from the bus until `tell`. */
  post(count = 1, { isTold = true } = {}): void {
    for (let n = 0; n < count; n += 1) {
      this.#commit(room, { type: "message.posted", by: author.id, text: "hi" });
    }
    if (isTold) this.tell();
  }

  /** The person of all connections is taken out of the room. */
  remove(): void {
    this.isMember = false;
    this.#commit(room, { type: "member.left", by: me.id, person: me.id });
    this.#commit(inboxOf(me.id), { type: "room.left", by: me.id, room });
    this.tell();
  }

  /** The bus catches up: all that was committed and not yet told, stream by stream. */
  tell(): void {
    const untold = Map.groupBy(this.#untold.splice(0), ({ stream }) => stream);
    for (const [stream, events] of untold) this.#bus.publish(stream, events);
  }

  /** The room's feed sends what it gathers, without waiting for the next frame. */
  flush(): void {
    this.#feeds.get(room)?.flush();
  }

  /** A connection that says hello, with a cursor for the room or without. */
  connect(
    cursor: number | null | undefined,
    {
      epoch = this.epoch,
      others = {},
    }: { epoch?: string; others?: object } = {},
  ): SmallSocket {
    const connection = new Connection(this.#surroundings, new Headers());
    const socket = new SmallSocket(connection);
    this.#sockets.add(socket);
    void connection.opened(socket as unknown as Ws, "token");
    const cursors =
      cursor === undefined ? others : { [room]: cursor, ...others };
    socket.say({ type: "hello", id: 1, epoch, cursors });
    return socket;
  }

  #commit(stream: string, what: Partial<Event>): void {
    const log = this.#logs.get(stream) ?? [];
    const event = {
      stream: wireName(stream),
      seq: log.length + 1,
      at: 0,
      ...what,
    };
    const committed = { stream, event: event as Event, author: author.name };
    log.push(committed);
    this.#untold.push(committed);
  }

  async #step(): Promise<void> {
    this.steps += 1;
    this.happenings.get(this.steps)?.();
    await Promise.resolve();
  }

  async #look<Answer>(look: () => Answer): Promise<Answer> {
    await this.#step();
    const answer = look();
    await this.#step();
    return answer;
  }

  #reads(): Reads {
    const reads: Partial<Reads> = {
      heads: (streams) =>
        this.#look(() => {
          const known = streams.filter((stream) => this.#logs.has(stream));
          return new Map(
            known.map((one) => [one, this.#logs.get(one)?.length ?? 0]),
          );
        }),
      memberships: () =>
        this.#look(
          () => new Map([[me.id, new Map(this.isMember ? [[room, 0]] : [])]]),
        ),
      choices: () => Promise.resolve(new Map()),
      isMember: () => this.#look(() => this.isMember),
      memberSince: () => this.#look(() => (this.isMember ? 0 : undefined)),
      eventsAfter: (stream, { after, upTo, max }) => {
        this.pages += 1;
        return this.#look(
          () =>
            this.#logs.get(stream)?.slice(after, Math.min(upTo, after + max)) ??
            [],
        );
      },
      eventsOf: (ranges) => {
        this.pages += 1;
        return this.#look(() => {
          const found = new Map<string, CommittedEvent[]>();
          for (const [stream, { after, upTo }] of ranges) {
            const log = this.#logs.get(stream) ?? [];
            found.set(stream, log.slice(after, upTo));
          }
          return found;
        });
      },
      people: () => this.#look(() => [author]),
      standings: (asked) =>
        this.#look(() =>
          asked.map(() => (this.isMember ? { read: 0, unread: 0 } : undefined)),
        ),
    };
    return reads as Reads;
  }
}

/** Bun's side of one socket, as far as a connection uses it. */
export class SmallSocket {
  readonly topics = new Set<string>();
  /** All objects that were sent or published to it, in order. */
  readonly received: FrameObject[] = [];
  isClosed = false;
  /** Bytes that the peer does not read; `drain` takes them. */
  backlog = 0;
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  get subscriptions(): string[] {
    return [...this.topics];
  }

  say(command: FrameObject): void {
    this.#connection.receive(JSON.stringify(command));
  }

  take(frame: string): void {
    if (this.isClosed) throw new Error("sent to a closed socket");
    this.received.push(...readFrame(frame));
  }

  send(frame: string): void {
    this.take(frame);
  }

  cork(write: (socket: SmallSocket) => void): void {
    write(this);
  }

  subscribe(topic: string): void {
    this.topics.add(topic);
  }

  unsubscribe(topic: string): void {
    this.topics.delete(topic);
  }

  getBufferedAmount(): number {
    return this.backlog;
  }

  /** The heartbeat finds that the peer is far behind. */
  fallBehind(): void {
    this.backlog = 1e6;
    this.#connection.holdSignals();
  }

  drain(): void {
    this.backlog = 0;
    this.#connection.drained();
  }

  close(): void {
    this.isClosed = true;
    this.topics.clear();
    this.#connection.closed();
  }

  /** What came of the room, as numbers: of events, and of a reset where it ends. */
  get numbers(): { reset: number | undefined; seqs: number[] } {
    const isOfRoom = (object: FrameObject): boolean =>
      object["stream"] === room && "seq" in object;
    const reset = this.received.find(({ type }) => type === "reset");
    const seqs = this.received.filter(isOfRoom).map(({ seq }) => Number(seq));
    return { reset: reset && Number(reset["head"]), seqs };
  }
}

/** Lets everything that waits for nothing but its turn come to an end. */
export async function settle(): Promise<void> {
  for (let n = 0; n < 10; n += 1) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}
