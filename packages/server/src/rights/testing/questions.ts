import type { RoomRight } from "@parley/protocol";
import type { CommandName, QuestionName } from "@parley/protocol/catalog";
import {
  personNames,
  roomNames,
  type PersonName,
  type RoomName,
} from "./actors.ts";
import type { Part } from "./template.ts";

/** One table: a command or a route, and a sample of it for each of its rows. */
interface Table<Row extends string> {
  /** What its samples are about, beyond the command's or route's name. */
  title?: string;
  rows: readonly Row[];
  /** Which of the asking one's rooms or people a row is about. */
  roomOf?: (row: Row) => RoomName | undefined;
  personOf?: (row: Row) => PersonName | undefined;
  /** It changes nothing that an answer of another such one depends on: they share a place. */
  isHarmless?: true;
  /** What in a room decides who gets more than a refusal. */
  right?: RoomRight;
}

export interface SocketQuestion<
  Row extends string = string,
> extends Table<Row> {
  command: CommandName | QuestionName;
  /** Its parameters, without type, id and cid; undefined where there is no such thing. */
  params: (part: Part, row: Row) => object | undefined;
}

export interface HttpSample {
  /** The path with its query; the route's own when not given. */
  path?: string;
  body?: object;
  /** Whose address the answer may hold besides the asking one's: who signs in by it. */
  signsIn?: string;
}

export interface HttpQuestion<Row extends string = string> extends Table<Row> {
  /** As in the OpenAPI document. */
  route: string;
  ask: (part: Part, row: Row) => HttpSample | undefined;
  /** Of a list: whether the row's object is in it. If not, the cell says `nothing`. */
  lists?: (answer: string, part: Part, row: Row) => boolean;
}

export type Question = SocketQuestion | HttpQuestion;

/** As it stands above its table. */
export function titleOf(question: Question): string {
  const name = "route" in question ? question.route : question.command;
  return question.title === undefined ? name : `${name}: ${question.title}`;
}

/** Samples for each room of the set. */
export const ofRooms = {
  rows: roomNames,
  roomOf: (row: RoomName): RoomName => row,
};

/** Samples for each person of the set. */
export const ofPeople = {
  rows: personNames,
  personOf: (row: PersonName): PersonName => row,
};

/** Samples about nothing in particular. */
export const ofPlace = { rows: ["-"] as const };

const isHarmless = true as const;

/**
 * Its rows are known to it alone, which asks with no others: so questions of
 * all kinds stand in one list.
 */
export function socket<Row extends string>(
  question: SocketQuestion<Row>,
): SocketQuestion {
  return question as unknown as SocketQuestion;
}

export function http<Row extends string>(
  question: HttpQuestion<Row>,
): HttpQuestion {
  const isReading = question.route.startsWith("GET ");
  const harmless = isReading ? { isHarmless } : {};
  return { ...question, ...harmless } as unknown as HttpQuestion;
}

/** The same word for the same one, in letters: two of them look like no third. */
export function wordOf({ id }: Pick<Part, "id">): string {
  let word = "";
  for (const character of id.slice(2)) {
    const code = character.charCodeAt(0);
    word += String.fromCharCode(97 + (code % 26));
    word += "bdfghkqrst".charAt(Math.floor(code / 26));
  }
  return word;
}
