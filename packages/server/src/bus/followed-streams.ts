import type { NatsConnection, Subscription } from "@nats-io/transport-node";
import type { Stop, StreamListener } from "./bus.ts";
import type { Subjects } from "./subjects.ts";

export interface Following {
  stream: string;
  subject: string;
  listener: StreamListener;
}

type Hear = (
  connection: NatsConnection,
  subject: string,
  listener: (data: Uint8Array) => void,
) => Subscription;

/** The streams that are followed, each with its subscription while connected. */
export class FollowedStreams {
  readonly #subjects: Subjects;
  readonly #hear: Hear;
  readonly #onMessage: (following: Following, data: Uint8Array) => void;
  readonly #streams = new Map<string, Following>();
  readonly #subscriptions = new Map<Following, Subscription>();
  #connection: NatsConnection | undefined;

  constructor(surroundings: {
    subjects: Subjects;
    hear: Hear;
    onMessage: (following: Following, data: Uint8Array) => void;
  }) {
    this.#subjects = surroundings.subjects;
    this.#hear = surroundings.hear;
    this.#onMessage = surroundings.onMessage;
  }

  get(stream: string): Following | undefined {
    return this.#streams.get(stream);
  }

  follow(stream: string, listener: StreamListener): Stop {
    const before = this.#streams.get(stream);
    const subject = before?.subject ?? this.#subjects.stream(stream);
    const following = { stream, subject, listener };
    this.#streams.set(stream, following);
    // First the new one, so that nothing slips through between them.
    // A connection may end before it is told; the next one subscribes again.
    if (this.#connection?.isClosed() === false) {
      this.#subscribe(this.#connection, following);
    }
    if (before) this.#unsubscribe(before);
    return () => {
      if (this.#streams.get(stream) === following) this.#streams.delete(stream);
      this.#unsubscribe(following);
    };
  }

  attach(connection: NatsConnection): void {
    this.#connection = connection;
    for (const following of this.#streams.values()) {
      this.#subscribe(connection, following);
    }
  }

  detach(): void {
    this.#connection = undefined;
    this.#subscriptions.clear();
  }

  clear(): void {
    this.detach();
    this.#streams.clear();
  }

  #subscribe(connection: NatsConnection, following: Following): void {
    const subscription = this.#hear(connection, following.subject, (data) => {
      this.#onMessage(following, data);
    });
    this.#subscriptions.set(following, subscription);
  }

  #unsubscribe(following: Following): void {
    this.#subscriptions.get(following)?.unsubscribe();
    this.#subscriptions.delete(following);
  }
}
