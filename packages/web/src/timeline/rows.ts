import type { Hole, Message, PendingMessage } from "@parley/client";

/** Consecutive messages of one person within this time stand under one name. */
const groupMsMax = 5 * 60_000;

/** One message, stored or on its way. Only plain values: rows are compared. */
export interface MessageRow {
  kind: "message";
  /** The same before and after it is stored. */
  key: string;
  cid: string;
  /** null until the server has numbered it. */
  seq: number | null;
  at: number;
  by: string;
  text: string;
  status: "stored" | "waiting" | "failed";
  /** Its words are gone, its place is not. */
  isDeleted: boolean;
  /** Why it failed: a code of the protocol; "" otherwise. */
  failure: string;
  /** The first of its group, which shows name and picture. */
  isFirst: boolean;
}

/** Where messages are missing: what stands around it are no neighbours (S9). */
export interface HoleRow extends Hole {
  kind: "hole";
  key: string;
}

export type Row =
  | MessageRow
  | HoleRow
  | { kind: "day"; key: string; at: number }
  | { kind: "new"; key: string };

interface Part {
  /** The messages to show, ascending. */
  messages: readonly Message[];
  /** The one before them, if it is known. */
  before: Message | undefined;
  /** All that is missing, ascending; those among the messages are drawn. */
  holes: readonly Hole[];
  /** Whether the newest message that is known is one of them. */
  hasNewest: boolean;
  /** Not yet stored; they come after all that are. */
  pending: readonly PendingMessage[];
  me: string;
  /** The message, or the beginning of the hole, that the line "New" stands above. */
  firstNew: number | undefined;
}

/** The rows of a part of a timeline, with its dividers. */
export function buildRows(part: Part): Row[] {
  const rows: Row[] = [];
  const addHole = (hole: Hole): void => {
    const { after, upTo } = hole;
    if (part.firstNew === after + 1) rows.push({ kind: "new", key: "new" });
    rows.push({ kind: "hole", key: `hole ${after}`, after, upTo });
  };
  let previous: Pick<MessageRow, "at" | "by"> | undefined = part.before;
  let neighbour = previous;
  let known = part.before?.seq;
  for (const message of part.messages) {
    const hole = holeBetween(part.holes, known, message.seq);
    if (hole !== undefined) {
      // Above the first message, nothing is drawn that it could stand below.
      if (rows.length > 0) addHole(hole);
      neighbour = undefined;
    }
    const isNew = message.seq === part.firstNew;
    addDay(rows, previous, message.at);
    if (isNew) rows.push({ kind: "new", key: "new" });
    const { seq, at, by, cid, text, deleted } = message;
    rows.push({
      kind: "message",
      key: keyOf(by, cid),
      ...{ cid, seq, at, by, text },
      status: "stored",
      isDeleted: deleted === true,
      failure: "",
      isFirst: isNew || !isSameGroup(neighbour, message),
    });
    previous = message;
    neighbour = message;
    known = message.seq;
  }
  const last = part.hasNewest
    ? holeBetween(part.holes, known, Infinity)
    : undefined;
  if (last !== undefined) {
    addHole(last);
    neighbour = undefined;
  }
  for (const { cid, text, at, status } of part.pending) {
    const message = { cid, text, at, by: part.me };
    addDay(rows, previous, at);
    rows.push({
      kind: "message",
      key: keyOf(part.me, cid),
      ...message,
      seq: null,
      status: status.kind,
      isDeleted: false,
      failure: status.kind === "failed" ? status.code : "",
      isFirst: !isSameGroup(neighbour, message),
    });
    previous = message;
    neighbour = message;
  }
  return rows;
}

/** Two messages that follow each other here have at most one hole between them. */
function holeBetween(
  holes: readonly Hole[],
  known: number | undefined,
  next: number,
): Hole | undefined {
  if (known === undefined) return undefined;
  return holes.find(({ after, upTo }) => known <= after && upTo < next);
}

/** The number of the message in the row with this key, if it has one. */
export function seqOfRow(
  rows: readonly Row[],
  key: string | undefined,
): number | undefined {
  const row = rows.find((one) => one.key === key);
  return row?.kind === "message" ? (row.seq ?? undefined) : undefined;
}

/** A cid is unique per person only: somebody may choose one like another's. */
function keyOf(by: string, cid: string): string {
  return `${by}/${cid}`;
}

function addDay(
  rows: Row[],
  previous: { at: number } | undefined,
  at: number,
): void {
  if (previous !== undefined && isSameDay(previous.at, at)) return;
  rows.push({ kind: "day", key: `day ${startOfDay(at)}`, at });
}

function isSameGroup(
  previous: { at: number; by: string } | undefined,
  next: { at: number; by: string },
): boolean {
  return (
    previous?.by === next.by &&
    Math.abs(next.at - previous.at) < groupMsMax &&
    isSameDay(previous.at, next.at)
  );
}

export function isSameDay(a: number, b: number): boolean {
  return startOfDay(a) === startOfDay(b);
}

function startOfDay(at: number): number {
  return new Date(at).setHours(0, 0, 0, 0);
}

/**
 * What the line "New" stands above: the first message of others above the mark
 * that was there when the room was opened, or undefined (U13). Where that may
 * lie in a hole, it is the first number that is missing.
 */
export function firstNewSeq(
  messages: readonly Message[],
  mark: number | undefined,
  me: string,
  holes: readonly Hole[] = [],
): number | undefined {
  if (mark === undefined) return undefined;
  const first = messages.find(
    ({ seq, by, deleted }) => seq > mark && by !== me && deleted !== true,
  )?.seq;
  const hole = holes.find(({ upTo }) => upTo > mark);
  if (hole === undefined || (first !== undefined && first < hole.upTo))
    return first;
  return hole.after + 1;
}
