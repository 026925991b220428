import type { Preferences } from "@parley/protocol";
import { gathered } from "../store/gathered.ts";
import { inboxOf } from "../store/stream-keys.ts";
import type { Reads } from "../store/store.ts";
import type { Follower } from "./follower.ts";
import { nextMoment } from "./moments.ts";

/** What the store says of a person. */
interface Membership {
  /** Each room with its number since which they are in it. */
  rooms: Map<string, number>;
  /** Their inbox's head, read before the rooms: what it told up to here is in them. */
  position: number;
  choices: Choices;
}

/** What they have chosen to tell of themselves. */
export type Choices = Pick<Preferences, "showsPresence" | "showsTyping">;

/** Where nobody has chosen otherwise. */
const usualChoices: Choices = { showsPresence: true, showsTyping: true };

/** What they chose, and the number in their inbox that says so. */
interface Chosen {
  choices: Choices;
  seq: number;
}

/** That somebody is in a room or not. */
interface Word {
  room: string;
  isIn: boolean;
  /** The number in their inbox that says so, if it is the inbox. */
  seq?: number | undefined;
  /** The room's number of their coming or going, as far as it is known. */
  roomSeq?: number | undefined;
}

type When = Pick<Word, "seq" | "roomSeq">;

interface Presence {
  followers: Set<Follower>;
  /** Undefined until the store has been asked. */
  known: Membership | undefined;
  /** When the store was asked for what is known. */
  askedAt: number;
  loading: Promise<void> | undefined;
  /** What was heard while the store was being asked, in order. */
  heard: Word[];
  /** The same of what they chose. */
  chosen: Chosen[];
  /** Counts what was heard, so that who asks the store can tell. */
  changes: number;
}

/**
 * Who is connected to this node, by person, with the rooms each may read. The
 * store is asked once when a person arrives; from then on their inbox tells
 * what changes, on the same thread that delivers, so that nobody is told
 * anything in the tick after they were removed.
 */
export class PresentPeople {
  readonly #membershipOf: (person: string) => Promise<Membership | undefined>;
  readonly #people = new Map<string, Presence>();

  /** `isShared`: whether other nodes may write to the same store. */
  constructor(reads: Reads, { isShared = true }: { isShared?: boolean } = {}) {
    this.#membershipOf = gathered(async (people) => {
      // Position first, data second: on several nodes a word may come here
      // later than the store has it, and must not undo what is newer. Alone,
      // every word comes at once.
      const heads = isShared
        ? await reads.heads(people.map(inboxOf))
        : new Map<string, number>();
      const [rooms, choices] = await Promise.all([
        reads.memberships(people),
        reads.choices(people),
      ]);
      return new Map(
        people.map((person) => [
          person,
          {
            rooms: rooms.get(person) ?? new Map<string, number>(),
            position: heads.get(inboxOf(person)) ?? 0,
            choices: choices.get(person) ?? usualChoices,
          },
        ]),
      );
    });
  }

  get size(): number {
    return this.#people.size;
  }

  /** From here on the person is present, and their inbox is heard. */
  arrive(follower: Follower): void {
    let presence = this.#people.get(follower.person);
    if (presence === undefined) {
      presence = {
        followers: new Set(),
        known: undefined,
        askedAt: 0,
        loading: undefined,
        heard: [],
        chosen: [],
        changes: 0,
      };
      this.#people.set(follower.person, presence);
    }
    presence.followers.add(follower);
  }

  /**
   * Resolves when it is known what this person, who is present, may read. Asked
   * when their inbox is open: a change meanwhile is then heard, not missed. With
   * a moment the store is asked once more if that was before it.
   */
  async known(person: string, since = 0): Promise<void> {
    const presence = this.#people.get(person);
    if (presence === undefined) return;
    while (presence.known === undefined || presence.askedAt < since) {
      presence.loading ??= this.#load(person, presence).finally(() => {
        // One that failed is asked again, by the next connection.
        presence.loading = undefined;
      });
      await presence.loading;
    }
  }

  /** Whether the store has been asked after this moment what they may read. */
  isKnownSince(person: string, moment: number): boolean {
    const { known, askedAt = 0 } = this.#people.get(person) ?? {};
    return known !== undefined && askedAt > moment;
  }

  /** Returns true when this was the person's last connection here. */
  depart(follower: Follower): boolean {
    const presence = this.#people.get(follower.person);
    if (presence === undefined) return false;
    presence.followers.delete(follower);
    if (presence.followers.size > 0) return false;
    return this.#people.delete(follower.person);
  }

  followersOf(person: string): Iterable<Follower> {
    return this.#people.get(person)?.followers ?? [];
  }

  connectionCount(person: string): number {
    return this.#people.get(person)?.followers.size ?? 0;
  }

  isIn(person: string, room: string): boolean {
    return this.#people.get(person)?.known?.rooms.has(room) ?? false;
  }

  /** What they have chosen; undefined while the store has not been asked. */
  choicesOf(person: string): Choices | undefined {
    return this.#people.get(person)?.known?.choices;
  }

  /**
   * Changes with every word about this person. Who asks the store what they may
   * read asks again when this is another number afterwards.
   */
  changesOf(person: string): number {
    return this.#people.get(person)?.changes ?? 0;
  }

  /** They are in this room. */
  entered(person: string, room: string, when: When = {}): void {
    this.#hear(person, { room, isIn: true, ...when });
  }

  /** They are not. Answers whether that is news and not what was before. */
  left(person: string, room: string, when: When = {}): boolean {
    return this.#hear(person, { room, isIn: false, ...when });
  }

  /** They have chosen otherwise. */
  chose(person: string, chosen: Chosen): void {
    const presence = this.#people.get(person);
    if (presence === undefined) return;
    if (presence.loading !== undefined) presence.chosen.push(chosen);
    if (presence.known) applyChosen(presence.known, chosen);
  }

  #hear(person: string, word: Word): boolean {
    const presence = this.#people.get(person);
    if (presence === undefined) return false;
    presence.changes += 1;
    if (presence.loading !== undefined) presence.heard.push(word);
    return presence.known === undefined || apply(presence.known, word);
  }

  async #load(person: string, presence: Presence): Promise<void> {
    const askedAt = nextMoment();
    // What was heard before is in the answer.
    presence.heard = [];
    presence.chosen = [];
    const known = await this.#membershipOf(person);
    if (known === undefined) throw new Error("the store left somebody out");
    for (const word of presence.heard) apply(known, word);
    for (const chosen of presence.chosen) applyChosen(known, chosen);
    presence.heard = [];
    presence.chosen = [];
    presence.known = known;
    presence.askedAt = askedAt;
  }
}

/**
 * A word of the inbox that the store's answer holds already changes nothing,
 * and a room's word that somebody left says nothing of who has come back since:
 * the room and the inbox arrive here by different ways.
 */
function apply({ rooms, position }: Membership, word: Word): boolean {
  const { room, isIn, seq, roomSeq } = word;
  if (seq !== undefined && seq <= position) return false;
  const since = rooms.get(room) ?? 0;
  if (isIn) rooms.set(room, Math.max(since, roomSeq ?? 0));
  else if (roomSeq !== undefined && roomSeq <= since) return false;
  else rooms.delete(room);
  return true;
}

function applyChosen(membership: Membership, { choices, seq }: Chosen): void {
  // Of an earlier choice than the one that the store has told already.
  if (seq <= membership.position) return;
  membership.choices = choices;
}
