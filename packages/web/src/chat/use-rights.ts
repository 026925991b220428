import {
  isAtLeast,
  mayInPlace,
  mayInRoom,
  mayMakeRooms,
  roleOf,
  type Actor,
  type Person,
  type PlaceRight,
  type RoomRight,
} from "@parley/protocol";
import type { RoomState } from "@parley/client";
import { roomsBy } from "./rooms-by.ts";
import { useChat } from "./use-chat.ts";

interface Rights {
  inPlace: (right: PlaceRight) => boolean;
  /** In a room that one is in. */
  inRoom: (right: RoomRight, room: RoomState | undefined) => boolean;
  /** Whether this person does not stand above oneself. */
  reaches: (person: Pick<Person, "kind" | "rank">) => boolean;
}

/**
 * What oneself may, by the one table of permissions, as one stands now: what is
 * offered changes with a rank. The server decides all the same.
 */
export function useRights(): Rights {
  const { state } = useChat();
  const actor = (): Actor => {
    const { me } = state.value;
    return { role: roleOf(me), bound: me.bound };
  };
  return {
    inPlace: (right) =>
      right === "room.create"
        ? mayMakeRooms(actor(), roomsBy.value)
        : mayInPlace(actor(), right),
    inRoom: (right, room) =>
      room !== undefined &&
      mayInRoom(actor(), right, {
        kind: room.kind,
        isMember: true,
        isModerator: room.moderator,
      }),
    reaches: (person) => isAtLeast(actor().role, roleOf(person)),
  };
}
