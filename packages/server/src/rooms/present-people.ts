import { gathered } from "../store/gathered.ts";
import type { Reads } from "../store/store.ts";
import type { Follower } from "./follower.ts";

interface Presence {
  followers: Set<Follower>;
  /** The rooms they are in; undefined until the store has been asked. */
  rooms: Set<string> | undefined;
  loading: Promise<void> | undefined;
  /** What was heard while the store was being asked: the newer word. */
  heard: Map<string, boolean> | undefined;
}

/**
 * Who is connected to this node, by person, with the rooms each may read. The
 * store is asked once when a person arrives; from then on their inbox tells
 * what changes, on the same thread that delivers, so that nobody is told
 * anything in the tick after they were removed.
 */
export class PresentPeople {
  readonly #roomsOf: (person: string) => Promise<Set<string> | undefined>;
  readonly #people = new Map<string, Presence>();

  constructor(reads: Reads) {
    this.#roomsOf = gathered((people) => reads.memberships(people));
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
        rooms: undefined,
        loading: undefined,
        heard: undefined,
      };
      this.#people.set(follower.person, presence);
    }
    presence.followers.add(follower);
  }

  /**
   * Resolves when it is known what this person, who is present, may read. Asked
   * when their inbox is open: a change meanwhile is then heard, not missed.
   */
  async known(person: string): Promise<void> {
    const presence = this.#people.get(person);
    if (presence === undefined || presence.rooms !== undefined) return;
    presence.loading ??= this.#load(person, presence).finally(() => {
      // One that failed is asked again, by the next connection.
      presence.loading = undefined;
    });
    await presence.loading;
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
    return this.#people.get(person)?.rooms?.has(room) ?? false;
  }

  entered(person: string, room: string): void {
    this.#change(person, room, true);
  }

  left(person: string, room: string): void {
    this.#change(person, room, false);
  }

  #change(person: string, room: string, isIn: boolean): void {
    const presence = this.#people.get(person);
    if (presence === undefined) return;
    if (presence.rooms === undefined) {
      presence.heard ??= new Map();
      presence.heard.set(room, isIn);
    } else if (isIn) presence.rooms.add(room);
    else presence.rooms.delete(room);
  }

  async #load(person: string, presence: Presence): Promise<void> {
    presence.rooms = (await this.#roomsOf(person)) ?? new Set();
    for (const [room, isIn] of presence.heard ?? []) {
      this.#change(person, room, isIn);
    }
    presence.heard = undefined;
  }
}
