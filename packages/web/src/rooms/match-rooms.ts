import type { RoomState } from "@parley/client";

type Named = Pick<RoomState, "name" | "unread">;

/**
 * The rooms that fit what was typed: those whose name begins with it first.
 * Without a word, those with something unread come first.
 */
export function matchRooms<Room extends Named>(
  rooms: readonly Room[],
  query: string,
  titleOf: (room: Room) => string = ({ name }) => name,
): Room[] {
  const wanted = fold(query.trim());
  if (wanted === "") {
    return rooms.toSorted(
      (a, b) => Number(b.unread > 0) - Number(a.unread > 0),
    );
  }
  return rooms
    .map((room) => ({ room, at: fold(titleOf(room)).indexOf(wanted) }))
    .filter(({ at }) => at !== -1)
    .sort((a, b) => a.at - b.at)
    .map(({ room }) => room);
}

/** Letters that differ in width, case or form only are the same here. */
function fold(text: string): string {
  return text.normalize("NFKC").toLowerCase();
}
