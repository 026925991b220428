import type { Person } from "@parley/protocol";
import { aTurn, gathered } from "../store/gathered.ts";
import type {
  CommittedEvent,
  EventRange,
  Reads,
  Standing,
  StandingQuestion,
} from "../store/store.ts";

/** Events of one question: some milliseconds, in which nothing else happens on SQLite. */
const eventsPerRead = 1_000;

/** Counts and people of one question. */
const rowsPerRead = 500;

interface Wanted {
  stream: string;
  /** Said at the last moment: who comes in this turn may want more. */
  range: () => EventRange;
  resolve: (events: CommittedEvent[]) => void;
  reject: (error: unknown) => void;
}

/**
 * What coming back asks of the store, gathered: all that is wanted in one turn
 * of the event loop is one question, whoever wants it and in how many streams,
 * and what is wanted twice is read once (P13).
 */
export class ResumeReads {
  /** What everybody may know of this person. */
  readonly person: (id: string) => Promise<Person | undefined>;
  readonly #reads: Reads;
  readonly #standing: (question: string) => Promise<Standing | undefined>;
  #wanted: Wanted[] = [];

  constructor(reads: Reads) {
    this.#reads = reads;
    this.person = gathered(
      async (ids) => {
        const found = await reads.people(ids);
        return new Map(found.map((person) => [person.id, person]));
      },
      { keysMax: rowsPerRead },
    );
    this.#standing = gathered((questions) => this.#askStandings(questions), {
      keysMax: rowsPerRead,
    });
  }

  /** How somebody stands in a room; undefined when they are not in it. */
  standing(question: StandingQuestion): Promise<Standing | undefined> {
    return this.#standing(JSON.stringify(question));
  }

  /** A stream's events with after < seq <= upTo. */
  events(stream: string, range: () => EventRange): Promise<CommittedEvent[]> {
    return new Promise((resolve, reject) => {
      if (this.#wanted.length === 0) {
        setImmediate(() => void this.#readWanted());
      }
      this.#wanted.push({ stream, range, resolve, reject });
    });
  }

  async #askStandings(
    questions: readonly string[],
  ): Promise<Map<string, Standing>> {
    const asked = questions.map((one) => JSON.parse(one) as StandingQuestion);
    const found = await this.#reads.standings(asked);
    const all = new Map<string, Standing>();
    for (const [index, question] of questions.entries()) {
      const standing = found[index];
      if (standing !== undefined) all.set(question, standing);
    }
    return all;
  }

  async #readWanted(): Promise<void> {
    const portions = portionsOf(this.#wanted);
    this.#wanted = [];
    for (const [index, portion] of portions.entries()) {
      if (index > 0) await aTurn();
      await this.#readPortion(portion);
    }
  }

  async #readPortion({ ranges, wanted }: Portion): Promise<void> {
    try {
      const found = await this.#reads.eventsOf(ranges);
      for (const { stream, resolve } of wanted) {
        resolve(found.get(stream) ?? []);
      }
    } catch (error) {
      for (const { reject } of wanted) reject(error);
    }
  }
}

/** One question, and who gets which part of its answer. */
interface Portion {
  ranges: Map<string, EventRange>;
  wanted: Wanted[];
  events: number;
}

/** A stream stands in a portion once; another range of it goes into another. */
function portionsOf(wanted: readonly Wanted[]): Portion[] {
  const portions: Portion[] = [];
  for (const one of wanted) {
    const range = one.range();
    const count = Math.max(0, range.upTo - range.after);
    let portion = portions.find((open) => fits(open, one, range, count));
    if (portion === undefined) {
      portion = { ranges: new Map(), wanted: [], events: 0 };
      portions.push(portion);
    }
    if (!portion.ranges.has(one.stream)) portion.events += count;
    portion.ranges.set(one.stream, range);
    portion.wanted.push(one);
  }
  return portions;
}

function fits(
  { ranges, events }: Portion,
  { stream }: Wanted,
  { after, upTo }: EventRange,
  count: number,
): boolean {
  const known = ranges.get(stream);
  if (known === undefined) return events + count <= eventsPerRead;
  return known.after === after && known.upTo === upTo;
}
