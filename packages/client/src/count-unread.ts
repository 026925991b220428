import { limits } from "@parley/protocol";
import { recounted, type RoomModel } from "./chat-model.ts";
import type { UnreadCount } from "./unread.ts";

// A deleted message does not count (U-1), but a count does not say which
// messages it has, and may be younger than the head that it names. So rows are
// counted where they are here; of what came after a count each is known; and
// otherwise the count is doubtful, and the server is asked again.

/** That a message was deleted, and under which number. */
export interface Deletion {
  message: number;
  seq: number;
}

/** A count that is further behind is doubtful. */
const deletionsMax = 50;

/**
 * Counted from the rows, where all of those above the mark are here; null where
 * they are not.
 */
export function countOfRows(
  { timeline, head, counted }: RoomModel,
  mark: number,
  me: string,
): UnreadCount | null {
  const { messages, from, to } = timeline;
  if (from > mark + 1 || to < head) return null;
  const above = messages.filter(
    ({ seq, by, deleted }) => seq > mark && by !== me && deleted !== true,
  );
  const given = Math.min(limits.unreadCount, above.length);
  return { given, head: to, others: counted.others };
}

/** With the server's count at this head, if it is not of before a deletion. */
export function withGiven(
  room: RoomModel,
  { given, head }: { given: number; head: number },
  me: string,
): RoomModel {
  const { deletions, read, counted } = room;
  const { others } = counted;
  const [oldest] = deletions;
  const isForgotten =
    deletions.length === deletionsMax && head < (oldest?.seq ?? 0);
  const isOlder = deletions.some(
    ({ message, seq }) =>
      head < seq && read < message && message <= head && given > 0,
  );
  const taken = { given, head, others };
  if (!isForgotten && !isOlder) return recounted(room, taken);
  return recounted(
    room,
    countOfRows(room, read, me) ?? { ...taken, isDoubtful: true },
  );
}

/** Without a message that is deleted now. */
export function countedWithout(
  room: RoomModel,
  { message, seq }: Deletion,
  me: string,
): RoomModel {
  const { given, head, others } = room.counted;
  const left = others.filter((other) => other !== message);
  const wasCounted = left.length < others.length;
  const counted = wasCounted ? { ...room.counted, others: left } : room.counted;
  const deletions = [...room.deletions, { message, seq }].slice(-deletionsMax);
  const known = { ...room, deletions };
  if (message <= room.read || seq <= head) return recounted(known, counted);
  const exact = countOfRows({ ...known, counted }, room.read, me);
  if (exact) return recounted(known, exact);
  // Those that are not remembered any more may take its place.
  const isCut = others.length === limits.unreadCount;
  const isDoubtful =
    message > head
      ? wasCounted && isCut
      : given > 0 && !isOwn(room, message, me);
  return recounted(known, isDoubtful ? { ...counted, isDoubtful } : counted);
}

function isOwn({ timeline }: RoomModel, seq: number, me: string): boolean {
  return [...timeline.older, timeline].some(({ messages }) =>
    messages.some((message) => message.seq === seq && message.by === me),
  );
}
