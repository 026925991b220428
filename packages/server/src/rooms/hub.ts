import { joinFrame } from "@parley/protocol";
import { inboxOwner } from "../store/stream-keys.ts";
import type { Publisher } from "./follower.ts";
import type { PresentPeople } from "./present-people.ts";
import type { EncodedEvent } from "./encoded-event.ts";
import { eventsTopic, presenceTopic, signalsTopic } from "./topics.ts";

/** From 16 KB on, a publish goes around Bun's cork buffer and costs a write of its own. */
const frameBytesMax = 16_000;

/** Hears a stream's events beside the sockets (the simple wire hears the lobby). */
export type Listener = (events: readonly EncodedEvent[]) => void;

/**
 * From a stream's feed to its sockets: one encoded frame for everybody, and
 * nobody gets what came after they were removed.
 */
export class Hub {
  readonly #people: PresentPeople;
  readonly #listeners = new Map<string, Listener>();
  readonly #sessionEnded: (session: string) => void;
  #publisher: Publisher | undefined;

  /** `sessionEnded` hears which sessions have ended, by their public ids. */
  constructor(
    people: PresentPeople,
    sessionEnded: (session: string) => void = () => undefined,
  ) {
    this.#people = people;
    this.#sessionEnded = sessionEnded;
  }

  /** The sockets lend their publish once they are there. */
  use(publisher: Publisher): void {
    this.#publisher = publisher;
  }

  listen(stream: string, listener: Listener): void {
    this.#listeners.set(stream, listener);
  }

  isFollowed(stream: string): boolean {
    const owner = inboxOwner(stream);
    return (
      // Whoever is here is told by their inbox what they may read.
      (owner !== undefined && this.#people.connectionCount(owner) > 0) ||
      this.#listeners.has(stream) ||
      (this.#publisher?.subscriberCount(eventsTopic(stream)) ?? 0) > 0
    );
  }

  /** A stream's next events: one frame in most cases, encoded once for everybody. */
  deliver(stream: string, events: readonly EncodedEvent[]): void {
    const topic = eventsTopic(stream);
    let frame: string[] = [];
    let bytes = 0;
    const publish = (): void => {
      if (frame.length > 0) this.#publisher?.publish(topic, joinFrame(frame));
      frame = [];
      bytes = 0;
    };
    for (const event of events) {
      if (bytes + event.bytes > frameBytesMax) publish();
      frame.push(event.text);
      bytes += event.bytes;
      if (event.removes !== undefined) {
        // They still hear that they were removed, and nothing after it.
        publish();
        this.#remove(event.removes, stream, { roomSeq: event.seq });
      }
    }
    publish();
    const owner = inboxOwner(stream);
    if (owner !== undefined) this.#hearInbox(owner, events);
    this.#listeners.get(stream)?.(events);
  }

  /** To whoever follows the stream's signals just now. */
  signal(stream: string, signal: object): void {
    this.#publisher?.publish(signalsTopic(stream), JSON.stringify(signal));
  }

  /** To whoever wants to know who is here of the room. */
  tellPresence(stream: string, frame: string): void {
    this.#publisher?.publish(presenceTopic(stream), frame);
  }

  /** How many sockets of this node want to know that. */
  watchers(stream: string): number {
    return this.#publisher?.subscriberCount(presenceTopic(stream)) ?? 0;
  }

  /** The inbox tells what its owner may read, also of rooms nobody here follows. */
  #hearInbox(person: string, events: readonly EncodedEvent[]): void {
    for (const { seq, committed } of events) {
      const { event } = committed;
      if (event.type === "room.joined") {
        const { stream, head } = event.room;
        this.#people.entered(person, stream, { seq, roomSeq: head });
      } else if (event.type === "room.left") {
        this.#remove(person, event.room, { seq });
      } else if (event.type === "preferences.set") {
        this.#people.chose(person, { seq, choices: event.preferences });
      } else if (event.type === "session.ended") {
        this.#endSession(person, event.session);
      }
    }
  }

  #remove(
    person: string,
    stream: string,
    when: { seq?: number; roomSeq?: number },
  ): void {
    // They may have come back since, which was known here before this word.
    if (!this.#people.left(person, stream, when)) return;
    for (const follower of this.#people.followersOf(person)) {
      follower.unsubscribe(eventsTopic(stream));
      follower.unsubscribe(signalsTopic(stream));
      follower.unsubscribe(presenceTopic(stream));
    }
  }

  /** On whichever node it was ended, here its sockets are closed. */
  #endSession(person: string, session: string): void {
    this.#sessionEnded(session);
    for (const follower of this.#people.followersOf(person)) {
      if (follower.sessionId === session) follower.endSession();
    }
  }
}
