import type { RoomState } from "@parley/client";
import type { Preferences } from "@parley/protocol";

type Placed = Pick<
  RoomState,
  | "stream"
  | "kind"
  | "name"
  | "others"
  | "favourite"
  | "archived"
  | "hidden"
  | "unread"
>;

export const sectionNames = [
  "favourites",
  "rooms",
  "direct",
  "archived",
] as const;
export type SectionName = (typeof sectionNames)[number];

interface Ordering {
  order: Preferences["roomOrder"];
  titleOf: (room: Placed) => string;
  /** When something last came, as far as this device knows. */
  latestOf: (stream: string) => number;
  /** The room one looks at: in the list even when it is out of sight. */
  open: string | undefined;
  compare: (a: string, b: string) => number;
}

/** The rooms of the side, in their sections and in order. */
export function sectionsOf<Room extends Placed>(
  rooms: readonly Room[],
  { order, titleOf, latestOf, open, compare }: Ordering,
): Record<SectionName, Room[]> {
  const titles = new Map(rooms.map((room) => [room, titleOf(room)]));
  const title = (room: Room): string => titles.get(room) ?? "";
  const before = (a: Room, b: Room): number => {
    const lobbies = Number(b.kind === "lobby") - Number(a.kind === "lobby");
    if (lobbies !== 0) return lobbies;
    if (order === "recent") {
      const unread = Number(b.unread > 0) - Number(a.unread > 0);
      const latest = latestOf(b.stream) - latestOf(a.stream);
      if (unread !== 0 || latest !== 0) return unread === 0 ? latest : unread;
    }
    return compare(title(a), title(b)) || (a.stream < b.stream ? -1 : 1);
  };
  const sections: Record<SectionName, Room[]> = {
    ...{ favourites: [], rooms: [], direct: [], archived: [] },
  };
  for (const room of rooms) {
    if (room.hidden > 0 && room.stream !== open) continue;
    sections[sectionOf(room)].push(room);
  }
  for (const name of sectionNames) sections[name].sort(before);
  return sections;
}

/** Each room of a section where it stood before, and those that are new after them. */
export function inOldOrder<Room extends Pick<Placed, "stream">>(
  sections: Record<SectionName, Room[]>,
  before: Record<SectionName, readonly Pick<Placed, "stream">[]>,
): Record<SectionName, Room[]> {
  const held = { ...sections };
  for (const name of sectionNames) {
    const places = new Map(
      before[name].map(({ stream }, place) => [stream, place]),
    );
    const placeOf = ({ stream }: Room): number =>
      places.get(stream) ?? places.size;
    held[name] = sections[name].toSorted((a, b) => placeOf(a) - placeOf(b));
  }
  return held;
}

function sectionOf(room: Placed): SectionName {
  if (room.favourite) return "favourites";
  if (room.archived) return "archived";
  return room.kind === "direct" ? "direct" : "rooms";
}
