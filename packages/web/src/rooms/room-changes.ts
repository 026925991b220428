import type { RoomState } from "@parley/client";
import type { RoomChanges } from "../chat/use-room.ts";

/** What of a room is made otherwise in one dialog. */
export type RoomWishes = Pick<
  RoomState,
  "name" | "topic" | "kind" | "readOnly"
>;

/**
 * Only what was made otherwise since the dialog was opened: somebody else may
 * have changed the rest meanwhile, and that stays.
 */
export function roomChanges(
  before: RoomWishes,
  { name, topic, kind, readOnly }: RoomWishes,
): RoomChanges {
  return {
    ...(name !== before.name && { name }),
    ...(topic !== before.topic && { topic }),
    ...(readOnly !== before.readOnly && { readOnly }),
    ...((kind === "public" || kind === "private") &&
      kind !== before.kind && { kind }),
  };
}
