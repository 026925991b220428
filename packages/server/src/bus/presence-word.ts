import { cutIntoPieces } from "./pieces.ts";
import { isObject } from "./messages.ts";

/** How present somebody is on one node. Of several, the highest holds. */
export const presenceLevels = {
  offline: 0,
  away: 1,
  online: 2,
  /** They do not want it told; so it is not, whatever other nodes say. */
  hidden: 3,
} as const;

export type PresenceLevel =
  (typeof presenceLevels)[keyof typeof presenceLevels];

/** What a node tells the others of who is on it. */
export interface PresenceWord {
  /** Which process says so. */
  node: string;
  /** Its words count up, so that one that comes late is known as such. */
  turn: number;
  /** When, by the store's clock: what was said long ago counts for little. */
  at: number;
  people: readonly (readonly [person: string, level: PresenceLevel])[];
  /** It knows nothing yet, and wants everybody to tell all. */
  asks?: true;
  /** It is about to stop: its people come back elsewhere, or not at all. */
  ends?: true;
}

/** People in one message; no node of ours says more at once. */
const peopleMax = 5_000;

/** As long as one of ours may be. */
const nodeCharsMax = 64;

/** As texts, none longer than `bytesMax`. */
export function writePresence(word: PresenceWord, bytesMax: number): string[] {
  const { people, ...rest } = word;
  const head = JSON.stringify(rest).slice(0, -1);
  const items = people.map((one) => JSON.stringify(one));
  const { pieces } = cutIntoPieces(items, bytesMax - head.length - 20);
  // Without people it may still ask, or say that it ends.
  const lists = pieces.length > 0 ? pieces : ["[]"];
  return lists.map((list) => `${head},"people":${list}}`);
}

/** Undefined when it is not of the right shape. By hand: there are thousands of people in one. */
export function readPresence(told: unknown): PresenceWord | undefined {
  if (!isObject(told)) return undefined;
  const { node, turn, at, people, asks, ends } = told;
  const isFine =
    typeof node === "string" &&
    node.length > 0 &&
    node.length <= nodeCharsMax &&
    isCount(turn) &&
    isCount(at) &&
    (asks === undefined || asks === true) &&
    (ends === undefined || ends === true) &&
    Array.isArray(people) &&
    people.length <= peopleMax &&
    people.every(isPerson);
  if (!isFine) return undefined;
  return {
    ...{ node, turn, at, people },
    ...(asks ? { asks } : {}),
    ...(ends ? { ends } : {}),
  };
}

function isPerson(one: unknown): one is [string, PresenceLevel] {
  if (!Array.isArray(one) || one.length !== 2) return false;
  const [person, level] = one as unknown[];
  return (
    typeof person === "string" &&
    /^u_[0-9A-Za-z]{6,32}$/.test(person) &&
    (level === 0 || level === 1 || level === 2 || level === 3)
  );
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
