import type { Role } from "@parley/protocol";

/** Somebody who asks for everything: a column of each table. */
export interface Asking {
  /** As the tables call them; with + they are in the rooms that they ask about. */
  name: string;
  role: Role;
  isIn: boolean;
  /** A guest who is bound to rooms. */
  isBound?: true;
  /** They moderate the rooms that they are in. */
  moderates?: true;
  /** They were in the rooms, and were taken out of them. */
  wasRemoved?: true;
  /** They showed their password too long ago for what asks for it. */
  isStale?: true;
  /** Why their cookie is worth nothing. */
  without?: "suspended" | "ended" | "cookie";
}

export const asking: readonly Asking[] = [
  { name: "owner", role: "owner", isIn: false },
  { name: "owner+", role: "owner", isIn: true },
  { name: "owner~", role: "owner", isIn: true, isStale: true },
  { name: "admin", role: "administrator", isIn: false },
  { name: "admin+", role: "administrator", isIn: true },
  { name: "mod", role: "moderator", isIn: false },
  { name: "mod+", role: "moderator", isIn: true },
  { name: "roommod", role: "member", isIn: true, moderates: true },
  { name: "member+", role: "member", isIn: true },
  { name: "member", role: "member", isIn: false },
  { name: "removed", role: "member", isIn: false, wasRemoved: true },
  { name: "bot+", role: "bot", isIn: true },
  { name: "guest+", role: "guest", isIn: true },
  { name: "guest", role: "guest", isIn: false },
  { name: "visitor+", role: "guest", isIn: true, isBound: true },
  { name: "visitor", role: "guest", isIn: false, isBound: true },
  { name: "suspended", role: "member", isIn: true, without: "suspended" },
  { name: "ended", role: "member", isIn: true, without: "ended" },
  { name: "nobody", role: "guest", isIn: false, without: "cookie" },
];

/** What the rows of a table about rooms are; all of them are the asking one's own set. */
export const roomNames = [
  "lobby",
  "public",
  "private",
  "direct",
  "archived",
  "announcement",
  "unknown",
] as const;

export type RoomName = (typeof roomNames)[number];

/** Rooms of somebody's set that are made; `second` is public, without the people to invite. */
export const madeRooms = [
  "public",
  "private",
  "archived",
  "announcement",
  "second",
] as const;

/**
 * What the rows of a table about people are, the first eight of them in the
 * rooms. Oneself last: who is nobody special any more would be refused the rest.
 */
export const personNames = [
  "owner",
  "administrator",
  "moderator",
  "member",
  "bot",
  "guest",
  "visitor",
  "suspended",
  "outsider",
  "stranger",
  "the server",
  "unknown",
  "self",
] as const;

export type PersonName = (typeof personNames)[number];

/** Those of them who are made for each set, and what they are. */
export const madePeople: Readonly<
  Partial<Record<PersonName, { role: Role; isBound?: true }>>
> = {
  owner: { role: "owner" },
  administrator: { role: "administrator" },
  moderator: { role: "moderator" },
  member: { role: "member" },
  bot: { role: "bot" },
  guest: { role: "guest" },
  visitor: { role: "guest", isBound: true },
  suspended: { role: "member" },
  outsider: { role: "member" },
  stranger: { role: "guest", isBound: true },
};

/** Whether this one is in that room of their set. */
export function isMember(
  { isIn, isBound, without }: Asking,
  room: RoomName,
): boolean {
  if (room === "unknown" || without === "cookie") return false;
  if (room === "lobby") return isBound !== true;
  return isIn && !(room === "direct" && isBound);
}

/** Whether they may see it: by being in it, or because everybody may. */
export function maySee(asking: Asking, room: RoomName): boolean {
  if (isMember(asking, room)) return true;
  const isHidden = ["private", "direct", "unknown"].includes(room);
  return asking.isBound !== true && !isHidden;
}

/** Whether they may see that person: everybody may, but for who is bound to rooms. */
export function mayMeet(asking: Asking, person: PersonName): boolean {
  if (person === "unknown") return false;
  if (asking.isBound !== true || person === "self") return true;
  const isElsewhere = ["outsider", "stranger", "the server"].includes(person);
  return asking.isIn && !isElsewhere;
}
