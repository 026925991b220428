import { ParleyError, type Me, type Role } from "@parley/protocol";
import { newCid, newPersonId, newRoomId } from "../../identifiers.ts";
import type { CommittedEvent, Store } from "../store.ts";
import type { WriteInput, WriteName, WriteResult } from "../writes/writes.ts";

type Row = Record<string, unknown>;

/** Where a store lives. It can be opened, closed and opened again. */
export interface Place {
  open(onCommit: (events: CommittedEvent[]) => void): Promise<Store>;
  /** Removes everything. */
  clear(): void | Promise<void>;
  /** One statement beside the store, on a connection of its own. */
  ask?: (text: string) => Promise<Row[]>;
}

type Somebody = Pick<Me, "id">;

/** A store with the words in which the contract speaks of it. */
export class StoreUnderTest {
  readonly #place: Place;
  #store: Store | undefined;
  /** Everything that was published, in the order in which it was. */
  readonly published: CommittedEvent[] = [];

  constructor(place: Place) {
    this.#place = place;
  }

  get store(): Store {
    if (this.#store === undefined) throw new Error("the store is not open");
    return this.#store;
  }

  readonly open = async (): Promise<void> => {
    this.#store = await this.#place.open((events) =>
      this.published.push(...events),
    );
  };

  readonly reopen = async (): Promise<void> => {
    await this.store[Symbol.asyncDispose]();
    await this.open();
  };

  readonly clear = async (): Promise<void> => {
    await this.store[Symbol.asyncDispose]();
    await this.#place.clear();
  };

  readonly cid = (): string => newCid(Date.now());

  /** A new guest with a session, and so with an inbox. */
  readonly guest = async (name = "Ann"): Promise<Me & { hash: string }> => {
    const hash = this.cid();
    const email = "guest@example.org";
    const person = await this.store.write("addGuest", {
      id: newPersonId(),
      name,
      email,
      lobby: this.store.lobby,
      origin: "page",
      session: { tokenHash: hash, expiresAt: Date.now() + 86_400_000 },
    });
    return { ...person, email, hash };
  };

  /** What SQL answers beside the store. */
  readonly ask = (text: string): Promise<Row[]> => {
    if (this.#place.ask === undefined) throw new Error("not asked here");
    return this.#place.ask(text);
  };

  /**
   * Makes somebody something without the way by which one becomes it: what a
   * role may is another matter than who gets it.
   */
  readonly become = async (
    { id }: Somebody,
    { role, bound = false }: { role: Role; bound?: boolean },
  ): Promise<void> => {
    await this.ask(
      `update people set role = '${role}', bound = ${bound ? 1 : 0} where id = '${id}'`,
    );
  };

  readonly post = (
    by: Somebody,
    text: string,
    { stream = this.store.lobby, cid = this.cid() } = {},
  ): Promise<WriteResult<"appendMessage">> =>
    this.store.write("appendMessage", { stream, by: by.id, cid, text });

  /** A room of its own, so that tests do not count each other's messages. */
  readonly room = async (
    by: Somebody,
    name = `Room ${newRoomId()}`,
    topic = "",
  ): Promise<string> => {
    const stream = newRoomId();
    const cid = this.cid();
    const room = { stream, by: by.id, cid, name, topic };
    await this.store.write("createRoom", room);
    return stream;
  };

  readonly join = (
    by: Somebody,
    stream: string,
    cid = this.cid(),
  ): Promise<WriteResult<"joinRoom">> =>
    this.store.write("joinRoom", { stream, by: by.id, cid });

  readonly leave = (
    by: Somebody,
    stream: string,
    cid = this.cid(),
  ): Promise<WriteResult<"leaveRoom">> =>
    this.store.write("leaveRoom", { stream, by: by.id, cid });

  readonly mark = (
    { id: person }: Somebody,
    stream: string,
    upTo: number,
  ): Promise<WriteResult<"markRead">> =>
    this.store.write("markRead", { stream, person, upTo });

  readonly head = async (stream: string): Promise<number> =>
    (await this.store.reads.heads([stream])).get(stream) ?? 0;

  /** The whole log of a stream. */
  readonly log = (stream: string): Promise<CommittedEvent[]> =>
    this.store.reads.eventsAfter(stream, { after: 0, upTo: 1e9, max: 1e6 });

  readonly unread = async (
    person: Somebody,
    stream: string,
  ): Promise<number | undefined> =>
    (await this.store.reads.room(person.id, stream))?.unread;

  /** The code of a refused write, or "stored". */
  readonly fate = async <Name extends WriteName>(
    write: Name,
    input: WriteInput<Name>,
  ): Promise<string> => {
    try {
      await this.store.write(write, input);
      return "stored";
    } catch (error) {
      if (error instanceof ParleyError) return error.code;
      throw error;
    }
  };
}
