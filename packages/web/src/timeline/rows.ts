import type { Message, PendingMessage } from "@parley/client";

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
  /** Why it failed: a code of the protocol; "" otherwise. */
  failure: string;
  /** The first of its group, which shows name and picture. */
  isFirst: boolean;
}

export type Row =
  | MessageRow
  | { kind: "day"; key: string; at: number }
  | { kind: "new"; key: string };

interface Part {
  /** The messages to show, ascending. */
  messages: readonly Message[];
  /** The one before them, if it is known. */
  before: Message | undefined;
  /** Not yet stored; they come after all that are. */
  pending: readonly PendingMessage[];
  me: string;
  /** The message that the line "New" stands above. */
  firstNew: number | undefined;
}

/** The rows of a part of a timeline, with its dividers. */
export function buildRows(part: Part): Row[] {
  const rows: Row[] = [];
  let previous: Pick<MessageRow, "at" | "by"> | undefined = part.before;
  for (const message of part.messages) {
    const isNew = message.seq === part.firstNew;
    addDay(rows, previous, message.at);
    if (isNew) rows.push({ kind: "new", key: "new" });
    rows.push({
      kind: "message",
      key: keyOf(message.by, message.cid),
      ...message,
      status: "stored",
      failure: "",
      isFirst: isNew || !isSameGroup(previous, message),
    });
    previous = message;
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
      failure: status.kind === "failed" ? status.code : "",
      isFirst: !isSameGroup(previous, message),
    });
    previous = message;
  }
  return rows;
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
 * The first message of others above the mark that was there when the room was
 * opened, or undefined (U13).
 */
export function firstNewSeq(
  messages: readonly Message[],
  mark: number | undefined,
  me: string,
): number | undefined {
  if (mark === undefined) return undefined;
  return messages.find(({ seq, by }) => seq > mark && by !== me)?.seq;
}
