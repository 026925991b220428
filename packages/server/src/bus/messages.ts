import type { Event } from "@parley/protocol";
import { events, personId, roomId } from "@parley/protocol/catalog";
import { z } from "zod";
import type { CommittedEvent } from "../store/store.ts";
import { wireName } from "../store/stream-keys.ts";

// What nodes tell each other, and how it is read: everything that is not of
// the right shape is undefined. Only nodes of one database can say any of it,
// but one may be newer than another, or mistaken.

/** An event as it travels: its stream is said by the subject. */
export function writeEvent({ author, event }: CommittedEvent): string {
  return JSON.stringify({ author, event });
}

/** The events in a message about this stream. */
export function readEvents(
  told: unknown,
  stream: string,
): CommittedEvent[] | undefined {
  if (!Array.isArray(told)) return undefined;
  const name = wireName(stream);
  const events: CommittedEvent[] = [];
  for (const item of told as unknown[]) {
    if (!isObject(item)) return undefined;
    const { author, event } = item;
    if (typeof author !== "string" || !isEvent(event, name)) return undefined;
    events.push({ stream, event, author });
  }
  return events;
}

/** The signal in a message about this stream. */
export function readSignal(told: unknown, stream: string): object | undefined {
  const read = typingSignal.safeParse(told);
  return read.success && read.data.stream === stream ? read.data : undefined;
}

/** People in one signal: as many as fit into one message. */
const typistsMax = 5_000;

const typingSignal = z.object({
  type: z.literal("typing"),
  stream: roomId,
  by: z.array(personId).max(typistsMax),
  ttlMs: z.int().min(1).max(60_000),
});

export function writeHead(stream: string, head: number): string {
  return JSON.stringify([stream, head]);
}

export function readHeads(told: unknown): Map<string, number> | undefined {
  const read = headList.safeParse(told);
  return read.success ? new Map(read.data) : undefined;
}

const headList = z.array(z.tuple([z.string().min(1).max(100), z.int().min(0)]));

/** Undefined instead of what is no JSON. */
export function parse(text: string | undefined): unknown {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const frames = new Map(
  events.map(({ name, frame }) => [name as string, frame] as const),
);

/** By hand where it is hot: a schema costs a microsecond per message. */
function isEvent(event: unknown, name: string): event is Event {
  if (!isObject(event)) return false;
  const { type, stream, seq, at, by, cid } = event;
  const isFine =
    typeof type === "string" &&
    stream === name &&
    isCount(seq) &&
    seq > 0 &&
    isCount(at) &&
    typeof by === "string" &&
    (cid === undefined || typeof cid === "string");
  if (!isFine) return false;
  if (type === "message.posted") return typeof event["text"] === "string";
  // One that this version does not know passes as it does for clients (I6).
  return frames.get(type)?.safeParse(event).success ?? true;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
