import type { NatsConnection } from "@nats-io/transport-node";
import type { Envelope } from "./envelope.ts";
import type { NatsAddress } from "./nats-addresses.ts";
import { NatsLink } from "./nats-link.ts";
import type { Subjects } from "./subjects.ts";

/** A connection that was not proved for so long is taken for deaf. */
const silenceMsMax = 6_000;

/**
 * Proves that a connection carries messages both ways, which answers to pings
 * do not: from a connection of its own it asks through NATS, the other hears
 * it there and answers through NATS, and the answer is heard here.
 */
export class SelfProbe implements AsyncDisposable {
  readonly #link: NatsLink;
  readonly #envelope: Envelope;
  readonly #subjects: Subjects;
  readonly #onProven: () => void;
  #own: NatsConnection | undefined;
  #probed: NatsConnection | undefined;
  #asked = 0;
  /** Answers to older questions prove nothing of this pair of connections. */
  #firstOfPair = 1;
  #isProven = false;
  #provenAt = 0;

  constructor({
    addresses,
    name,
    envelope,
    subjects,
    onProven,
  }: {
    addresses: readonly NatsAddress[];
    name: string;
    envelope: Envelope;
    subjects: Subjects;
    onProven: () => void;
  }) {
    this.#envelope = envelope;
    this.#subjects = subjects;
    this.#onProven = onProven;
    this.#link = new NatsLink(addresses, name, {
      onUp: (connection) => {
        this.#own = connection;
        this.#hearAnswers(connection);
        this.#begin();
      },
      onDown: () => {
        this.#own = undefined;
      },
      // The probed connection has the same, and tells.
      onTrouble: () => undefined,
      onForbidden: () => undefined,
    });
  }

  start(): void {
    this.#link.start();
  }

  /** Probes this connection from now on. */
  attach(connection: NatsConnection): void {
    this.#probed = connection;
    this.#isProven = false;
    this.excuse();
    const { probe, echo } = this.#subjects;
    connection.subscribe(probe, {
      callback: (error, message) => {
        if (error !== null) return;
        const question = this.#envelope.open(probe, message.data);
        if (question === undefined || connection.isClosed()) return;
        connection.publish(echo, this.#envelope.seal(echo, question));
      },
    });
    // A question that is there before the subscription is lost.
    connection.flush().then(
      () => {
        if (this.#probed === connection) this.#begin();
      },
      () => undefined,
    );
  }

  detach(): void {
    this.#probed = undefined;
  }

  /** Called every second. Every other one is enough for what is proven. */
  tick(count: number): void {
    if (!this.#isProven || count % 2 === 0) this.#ask();
  }

  /** Whether the proof has been missing for too long. */
  get isOverdue(): boolean {
    const silenceMs = performance.now() - this.#provenAt;
    return this.#probed !== undefined && silenceMs > silenceMsMax;
  }

  /** Whether it is the probed connection's fault when the proof is missing. */
  get isAble(): boolean {
    return this.#own !== undefined;
  }

  /** For a process that was stopped: the silence was its own. */
  excuse(): void {
    this.#provenAt = performance.now();
  }

  renew(why: string): void {
    this.#link.renew(why);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#link[Symbol.asyncDispose]();
  }

  #begin(): void {
    this.#firstOfPair = this.#asked + 1;
    this.#isProven = false;
    this.excuse();
    this.#ask();
  }

  #ask(): void {
    const own = this.#own;
    if (own === undefined || this.#probed === undefined) return;
    if (own.isClosed()) return;
    this.#asked += 1;
    const { probe } = this.#subjects;
    own.publish(probe, this.#envelope.seal(probe, `${this.#asked}`));
  }

  #hearAnswers(own: NatsConnection): void {
    const { echo } = this.#subjects;
    own.subscribe(echo, {
      callback: (error, message) => {
        if (error !== null || own !== this.#own) return;
        const answer = Number(this.#envelope.open(echo, message.data));
        if (!(answer >= this.#firstOfPair) || !this.#probed) return;
        this.#isProven = true;
        this.#provenAt = performance.now();
        this.#onProven();
      },
    });
  }
}
