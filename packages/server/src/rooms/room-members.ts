import { limits } from "@parley/protocol";
import { aTurn, gathered } from "../store/gathered.ts";
import type { Reads } from "../store/store.ts";

/** In a room of more, who is here is not looked up. */
const membersMax = 50_000;

/** Small rooms in one question: twenty thousand people at most. */
const roomsPerQuestion = 100;

/** People of a large room in one question; others have their turn in between. */
const pageSize = 5_000;

type MemberReads = Pick<Reads, "memberCounts" | "membersOf" | "memberIds">;

/** Who is in a room; asked together for all rooms of a turn. */
export class RoomMembers {
  readonly #reads: MemberReads;
  readonly #ask: (stream: string) => Promise<readonly string[] | undefined>;

  constructor(reads: MemberReads) {
    this.#reads = reads;
    this.#ask = gathered((streams) => this.#find(streams), {
      keysMax: roomsPerQuestion,
    });
  }

  /** Their ids; undefined when they are more than are looked up. */
  of(stream: string): Promise<readonly string[] | undefined> {
    return this.#ask(stream);
  }

  async #find(
    streams: readonly string[],
  ): Promise<Map<string, readonly string[]>> {
    const counts = await this.#reads.memberCounts(streams);
    const countOf = (stream: string): number => counts.get(stream) ?? 0;
    const small = streams.filter(
      (stream) => countOf(stream) <= limits.presenceMembers,
    );
    const found = new Map<string, readonly string[]>(
      small.length > 0 ? await this.#reads.membersOf(small) : [],
    );
    for (const stream of streams) {
      if (found.has(stream) || countOf(stream) > membersMax) continue;
      found.set(stream, await this.#page(stream));
    }
    return found;
  }

  async #page(stream: string): Promise<string[]> {
    const all: string[] = [];
    for (;;) {
      const after = all.at(-1) ?? "";
      const page = await this.#reads.memberIds(stream, {
        ...{ after, limit: pageSize },
      });
      for (const person of page) all.push(person);
      if (page.length < pageSize) return all;
      await aTurn();
    }
  }
}
