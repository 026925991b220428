import type { NatsConnection, Subscription } from "@nats-io/transport-node";
import { ConfigError } from "../config.ts";
import { newToken } from "../identifiers.ts";
import type { Logger } from "../log.ts";
import type { CommittedEvent } from "../store/store.ts";
import type { Bus, Stop, StreamListener } from "./bus.ts";
import { DroppedMessages } from "./dropped-messages.ts";
import { Envelope, signatureBytes } from "./envelope.ts";
import { FollowedStreams, type Following } from "./followed-streams.ts";
import * as messages from "./messages.ts";
import { natsAddresses, type NatsSettings } from "./nats-addresses.ts";
import { NatsLink } from "./nats-link.ts";
import type { NatsTrouble } from "./nats-trouble.ts";
import { Neighbours } from "./neighbours.ts";
import { cutIntoPieces } from "./pieces.ts";
import * as words from "./presence-word.ts";
import { Pulse } from "./pulse.ts";
import { Reachability } from "./reachability.ts";
import { SelfProbe } from "./self-probe.ts";
import { nodesSubject, Subjects } from "./subjects.ts";

export interface NatsBusOptions extends NatsSettings {
  /** Names the database (Store.instance). */
  instance: string;
  /** Known to the nodes of this database only (Store.secret). */
  secret: string;
  /** What this node is called. */
  node: string;
  log: Logger;
}

/** A start does not wait longer for a NATS that is not there. */
const startMsMax = 2_000;

/** One event is far smaller; NATS itself carries a megabyte if not told otherwise. */
const messageBytesMax = 262_144;

const announceEveryBeats = 10;

/**
 * Hears the other nodes of this database through NATS. A NATS that cannot be
 * reached is no error: the bus connects when it can. Rejects with a ConfigError
 * when a setting is wrong.
 */
export async function openNatsBus(options: NatsBusOptions): Promise<Bus> {
  const bus = new NatsBus(options);
  await bus.start();
  return bus;
}

class NatsBus implements Bus {
  readonly #log: Logger;
  readonly #envelope: Envelope;
  readonly #subjects: Subjects;
  readonly #dropped: DroppedMessages;
  readonly #neighbours: Neighbours;
  readonly #link: NatsLink;
  readonly #probe: SelfProbe;
  readonly #pulse: Pulse;
  readonly #reachability: Reachability;
  readonly #followed: FollowedStreams;
  readonly #onSignal: ((stream: string, signal: object) => void)[] = [];
  readonly #onHeads: ((heads: ReadonlyMap<string, number>) => void)[] = [];
  readonly #onPresence: ((word: words.PresenceWord) => void)[] = [];
  readonly #onDoubt: (() => void)[] = [];
  #onFirstAttempt: ((trouble?: NatsTrouble) => void) | undefined;
  #connection: NatsConnection | undefined;
  #settling: Promise<void> | undefined;
  #isOver = false;

  constructor(options: NatsBusOptions) {
    const { log, node, instance, secret } = options;
    const addresses = natsAddresses(options);
    const boot = newToken(12);
    const name = `parley ${node}`;
    const envelope = new Envelope(secret);
    const subjects = new Subjects(instance, boot);
    this.#log = log;
    this.#envelope = envelope;
    this.#subjects = subjects;
    this.#dropped = new DroppedMessages(log);
    const onForged = (): void => this.#dropped.count();
    this.#neighbours = new Neighbours(
      { instance, node, boot },
      { envelope, log, onForged },
    );
    this.#reachability = new Reachability(
      addresses.map((address) => address.name).join(", "),
      log,
      () => this.#tellDoubt(),
    );
    this.#followed = new FollowedStreams({
      subjects,
      hear: (...of) => this.#hear(...of),
      onMessage: (...what) => this.#hearStream(...what),
    });
    this.#link = new NatsLink(addresses, name, {
      onUp: (connection) => this.#use(connection),
      onDown: (why) => this.#lose(why),
      onTrouble: (trouble) => {
        if (this.#onFirstAttempt) this.#onFirstAttempt(trouble);
        else this.#reachability.isNot(trouble);
      },
      onForbidden: () => this.#reachability.isForbidden(),
    });
    this.#probe = new SelfProbe({
      ...{ addresses, name: `${name} probe`, envelope, subjects },
      onProven: () => {
        this.#reachability.is();
        this.#onFirstAttempt?.();
      },
    });
    this.#pulse = new Pulse({
      onBeat: (count) => this.#beat(count),
      onWake: () => {
        this.#probe.excuse();
        this.#tellDoubt();
      },
    });
  }

  get isHearing(): boolean {
    return this.#reachability.isHearing;
  }

  async start(): Promise<void> {
    this.#pulse.start();
    this.#link.start();
    this.#probe.start();
    const trouble = await new Promise<NatsTrouble | undefined>((resolve) => {
      const late = setTimeout(resolve, startMsMax);
      this.#onFirstAttempt = (trouble) => {
        clearTimeout(late);
        resolve(trouble);
      };
    });
    this.#onFirstAttempt = undefined;
    if (trouble?.isMistake === true) {
      await this[Symbol.asyncDispose]();
      throw new ConfigError(`${trouble.message}.`, { cause: trouble });
    }
    if (!this.isHearing) this.#reachability.isNot(trouble);
  }

  publish(stream: string, events: readonly CommittedEvent[]): void {
    const following = this.#followed.get(stream);
    try {
      following?.listener(events);
    } finally {
      // The other nodes hear of it whatever this one's listener does.
      const subject = following?.subject ?? this.#subjects.stream(stream);
      const unfit = this.#sendAll(subject, events.map(messages.writeEvent));
      const last = unfit.at(-1);
      // What is too large to travel is read from the store where it is missed.
      const head = last === undefined ? undefined : events[last]?.event.seq;
      if (head !== undefined) this.tellHeads(new Map([[stream, head]]));
    }
  }

  follow(stream: string, listener: StreamListener): Stop | Promise<Stop> {
    if (this.#isOver) return () => undefined;
    const stop = this.#followed.follow(stream, listener);
    if (this.#connection === undefined) return stop;
    return this.#settled().then(() => stop);
  }

  signal(stream: string, signal: object): void {
    try {
      for (const listener of this.#onSignal) listener(stream, signal);
    } finally {
      const text = JSON.stringify(signal);
      const fits = Buffer.byteLength(text) <= this.#bytesMax();
      if (fits) this.#send(this.#subjects.stream(stream), text);
    }
  }

  onSignal(listener: (stream: string, signal: object) => void): void {
    this.#onSignal.push(listener);
  }

  tellHeads(heads: ReadonlyMap<string, number>): void {
    const told = [...heads].map((head) => messages.writeHead(...head));
    this.#sendAll(this.#subjects.heads, told);
  }

  onHeads(listener: (heads: ReadonlyMap<string, number>) => void): void {
    this.#onHeads.push(listener);
  }

  tellPresence(word: words.PresenceWord): void {
    if (this.#connection === undefined) return;
    const texts = words.writePresence(word, this.#bytesMax());
    for (const text of texts) this.#send(this.#subjects.presence, text);
  }

  onPresence(listener: (word: words.PresenceWord) => void): void {
    this.#onPresence.push(listener);
  }

  onDoubt(listener: () => void): void {
    this.#onDoubt.push(listener);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isOver = true;
    this.#pulse.stop();
    this.#connection = undefined;
    this.#followed.clear();
    const heard = [this.#onSignal, this.#onHeads, this.#onPresence];
    for (const them of [...heard, this.#onDoubt]) them.length = 0;
    this.#reachability.end();
    await Promise.all([
      this.#link[Symbol.asyncDispose](),
      this.#probe[Symbol.asyncDispose](),
    ]);
  }

  #use(connection: NatsConnection): void {
    if (this.#isOver) return;
    this.#connection = connection;
    this.#reachability.begin();
    this.#followed.attach(connection);
    const { heads, presence } = this.#subjects;
    this.#hearAll(connection, heads, messages.readHeads, this.#onHeads);
    this.#hearAll(connection, presence, words.readPresence, this.#onPresence);
    this.#hear(connection, nodesSubject, (data) => {
      this.#neighbours.hear(data, this.#pulse.isSteady);
    });
    this.#announce();
    // Last: once it is proven, the server has all of the above.
    this.#probe.attach(connection);
  }

  #lose(why: string): void {
    this.#connection = undefined;
    this.#probe.detach();
    this.#followed.detach();
    this.#reachability.isLost(why);
  }

  #beat(count: number): void {
    if (count % announceEveryBeats === 0) this.#announce();
    if (this.#probe.isOverdue) {
      const why = "what this node tells itself does not come back";
      this.#reachability.isLost(why);
      if (this.#probe.isAble) {
        this.#link.renew(why);
        this.#probe.renew(why);
      }
    }
    this.#probe.tick(count);
  }

  #announce(): void {
    if (this.#connection?.isClosed() !== false) return;
    this.#connection.publish(nodesSubject, this.#neighbours.announcement());
  }

  /** What is thrown here would end the client's reading, without a word. */
  #hear(
    connection: NatsConnection,
    subject: string,
    listener: (data: Uint8Array) => void,
  ): Subscription {
    return connection.subscribe(subject, {
      callback: (refusal, message) => {
        if (refusal !== null || this.#connection !== connection) return;
        try {
          listener(message.data);
        } catch (error) {
          this.#log.error(
            { err: error },
            "what another node told could not be passed on",
          );
        }
      },
    });
  }

  #hearStream(
    { stream, subject, listener }: Following,
    data: Uint8Array,
  ): void {
    const told = this.#open(subject, data);
    if (Array.isArray(told)) {
      const events = messages.readEvents(told, stream);
      if (events === undefined) this.#dropped.count();
      else listener(events);
      return;
    }
    const signal = messages.readSignal(told, stream);
    if (signal === undefined) this.#dropped.count();
    else for (const hear of this.#onSignal) hear(stream, signal);
  }

  /** What nodes tell each other of no stream. */
  #hearAll<Told>(
    connection: NatsConnection,
    subject: string,
    read: (told: unknown) => Told | undefined,
    listeners: readonly ((told: Told) => void)[],
  ): void {
    this.#hear(connection, subject, (data) => {
      const told = read(this.#open(subject, data));
      if (told === undefined) this.#dropped.count();
      else for (const listener of listeners) listener(told);
    });
  }

  #open(subject: string, data: Uint8Array): unknown {
    if (data.length > messageBytesMax) return undefined;
    return messages.parse(this.#envelope.open(subject, data));
  }

  /** In pieces; returns which items fit into none. */
  #sendAll(subject: string, items: readonly string[]): readonly number[] {
    if (this.#connection === undefined) return [];
    const { pieces, unfit } = cutIntoPieces(items, this.#bytesMax());
    for (const piece of pieces) this.#send(subject, piece);
    return unfit;
  }

  /** While NATS is gone nothing is kept: it would come late, and the store has it. */
  #send(subject: string, text: string): void {
    const connection = this.#connection;
    if (connection?.isClosed() !== false) return;
    connection.publish(subject, this.#envelope.seal(subject, text));
  }

  #bytesMax(): number {
    const { max_payload: max = messageBytesMax } = this.#connection?.info ?? {};
    return Math.min(max, messageBytesMax) - signatureBytes;
  }

  /** One round trip for all who ask within a turn. */
  #settled(): Promise<void> {
    this.#settling ??= new Promise((resolve) => {
      setImmediate(() => {
        this.#settling = undefined;
        void this.#link.flush().then(resolve);
      });
    });
    return this.#settling;
  }

  #tellDoubt(): void {
    for (const listener of this.#onDoubt) listener();
  }
}
