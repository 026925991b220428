import type { Person } from "./people.ts";
import type { RoomKind } from "./rooms.ts";

/**
 * Who may do what. The one table of permissions: the server asks it inside the
 * transaction that writes, a screen to know what to offer.
 */

/** From the highest to the lowest. A bot may what a member may, and never more. */
export const roles = [
  "owner",
  "administrator",
  "moderator",
  "member",
  "bot",
  "guest",
] as const;

export type Role = (typeof roles)[number];

const heights: Record<Role, number> = {
  owner: 4,
  administrator: 3,
  moderator: 2,
  member: 1,
  bot: 1,
  guest: 0,
};

/** What somebody is here. Rank and kind are one ladder. */
export function roleOf({ kind, rank }: Pick<Person, "kind" | "rank">): Role {
  return rank ?? kind;
}

export function isAtLeast(role: Role, least: Role): boolean {
  return heights[role] >= heights[least];
}

/** In the place as a whole: from which role on. Who is bound to a room has none of these. */
export const placeRights = {
  /** Finding rooms, and people with whom one shares none. */
  "directory.read": "guest",
  "room.join": "guest",
  /** Unless the place says that fewer may (`roomsBy`). */
  "room.create": "guest",
  "direct.open": "guest",
  "invitation.make": "moderator",
  "person.suspend": "moderator",
  "person.role": "administrator",
  "person.reset": "administrator",
  "person.sessions": "administrator",
  "person.email": "administrator",
  "place.change": "administrator",
  "place.log": "administrator",
  /** All rooms but direct ones, as an administrator's list: names, never what is said. */
  "place.rooms": "administrator",
} as const satisfies Record<string, Role>;

export type PlaceRight = keyof typeof placeRights;

interface RoomRule {
  /** Who in the room may by being in it: from this role on. Undefined: nobody. */
  members?: Role;
  /** Whether its own moderators may. */
  moderators: boolean;
  /**
   * From this role in the place on: in rooms that everybody may see, and in
   * private ones that they are in. Undefined: nobody.
   */
  place?: Role;
  kinds: readonly RoomKind[];
}

const shared = ["lobby", "public", "private"] as const;
const all = [...shared, "direct"] as const;

/** In one room. */
export const roomRights = {
  "message.post": { members: "guest", moderators: true, kinds: all },
  /** Into a room that is for announcements. */
  "message.announce": { moderators: true, place: "moderator", kinds: shared },
  /** Another's words; one's own are one's own to delete in every room one is in. */
  "message.delete": { moderators: true, place: "moderator", kinds: shared },
  "room.invite": {
    members: "member",
    moderators: true,
    place: "moderator",
    kinds: ["public", "private"],
  },
  "room.remove": {
    moderators: true,
    place: "moderator",
    kinds: ["public", "private"],
  },
  "room.leave": {
    members: "guest",
    moderators: true,
    kinds: ["public", "private"],
  },
  /** Its name, its topic, and whether everybody writes in it. */
  "room.change": { moderators: true, place: "moderator", kinds: shared },
  /** Public or private. A direct room never becomes anything else. */
  "room.widen": {
    moderators: true,
    place: "administrator",
    kinds: ["public", "private"],
  },
  "room.archive": {
    moderators: true,
    place: "administrator",
    kinds: ["public", "private"],
  },
  "member.change": {
    moderators: true,
    place: "administrator",
    kinds: ["public", "private"],
  },
} as const satisfies Record<string, RoomRule>;

export type RoomRight = keyof typeof roomRights;

/** Who asks. */
export interface Actor {
  role: Role;
  /** A guest who is bound to the rooms they were let into. */
  bound?: boolean | undefined;
}

/** What they are in the room that they ask about. */
export interface Place {
  kind: RoomKind;
  isMember: boolean;
  isModerator: boolean;
}

export function mayInPlace({ role, bound }: Actor, right: PlaceRight): boolean {
  return bound !== true && isAtLeast(role, placeRights[right]);
}

export function mayInRoom(
  { role, bound }: Actor,
  right: RoomRight,
  { kind, isMember, isModerator }: Place,
): boolean {
  const rule: RoomRule = roomRights[right];
  if (!rule.kinds.includes(kind)) return false;
  const isOfPlace =
    bound !== true && rule.place !== undefined && isAtLeast(role, rule.place);
  if (!isMember) return isOfPlace && (kind === "lobby" || kind === "public");
  return (
    isOfPlace ||
    (rule.moderators && isModerator) ||
    (rule.members !== undefined && isAtLeast(role, rule.members))
  );
}

/** Whether this one may do something to that one: only downwards, and owners to owners. */
export function standsAbove(actor: Role, other: Role): boolean {
  return actor === "owner" || heights[actor] > heights[other];
}

/**
 * Whether this one may make somebody who is `from` into `to`. Nobody grants what
 * is above themselves, and administrators make no administrators' equals out of
 * those above them. Guests and bots are not made by a change of role: the one
 * has no account, the other no person.
 */
export function mayGrant(actor: Role, from: Role, to: Role): boolean {
  const areRanks = [from, to].every(
    (role) => role !== "guest" && role !== "bot",
  );
  return (
    areRanks &&
    isAtLeast(actor, placeRights["person.role"]) &&
    standsAbove(actor, from) &&
    heights[to] <= heights[actor]
  );
}

/** Who may make rooms, as a place chooses. */
export const makersOfRooms = [
  "everybody",
  "members",
  "moderators",
  "administrators",
] as const;

export type MakersOfRooms = (typeof makersOfRooms)[number];

const leastMaker: Record<MakersOfRooms, Role> = {
  everybody: "guest",
  members: "member",
  moderators: "moderator",
  administrators: "administrator",
};

export function mayMakeRooms(actor: Actor, by: MakersOfRooms): boolean {
  return (
    mayInPlace(actor, "room.create") && isAtLeast(actor.role, leastMaker[by])
  );
}
