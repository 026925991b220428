import {
  isAtLeast,
  mayInRoom,
  placeRights,
  roles,
  roomRights,
  type PlaceRight,
  type Role,
  type RoomRight,
} from "../../packages/protocol/src/rights.ts";
import { roomKinds } from "../../packages/protocol/src/rooms.ts";

/** What each right is, in words. */
const placeWords: Record<PlaceRight, string> = {
  "directory.read": "Find rooms that anybody may join, and people",
  "room.join": "Join such a room",
  "room.create": "Make rooms, unless the place says that fewer may",
  "direct.open": "Begin a direct conversation",
  "invitation.make": "Invite newcomers, up to one's own role",
  "person.suspend": "Suspend and restore people below oneself",
  "person.role": "Change the role of people below oneself, up to one's own",
  "person.reset": "Make a link with which somebody chooses a new password",
  "person.sessions": "See where somebody is signed in, and sign them out",
  "person.email": "See addresses",
  "place.change": "Change what the place has decided",
  "place.log": "Read what administrators did",
  "place.rooms":
    "List all rooms but direct ones by name, archive and restore them",
};

const roomWords: Record<RoomRight, string> = {
  "message.post": "Write",
  "message.announce": "Write where only announcements are made",
  "message.delete": "Delete another's message",
  "room.invite": "Let people in",
  "room.remove": "Take somebody out who does not stand above oneself",
  "room.leave": "Leave",
  "room.change": "Change name, topic, and whether everybody writes",
  "room.widen": "Make it private or public",
  "room.archive": "Archive and restore it",
  "member.change": "Make somebody its moderator, or no longer",
};

/** docs/permissions.md. */
export function permissionsPage(): string {
  const inPlace = Object.entries(placeRights).map(
    ([right, least]) =>
      `| ${placeWords[right as PlaceRight]} | ${roles.map((role) => mark(isAtLeast(role, least))).join(" | ")} |`,
  );
  const inRooms = (Object.keys(roomRights) as RoomRight[]).map(
    (right) =>
      `| ${roomWords[right]} | ${roomKinds.map((kind) => who(right, kind)).join(" | ")} |`,
  );
  return `# Who may do what

<!-- Made from packages/protocol/src/rights.ts by \`npm run docs\`. -->

Everybody has one role in the place. Rooms have moderators of their own besides:
whoever made a room is one. Whether somebody may do something is decided in the
transaction that does it, from what is stored at that moment; a screen asks the
same table to know what to offer. What somebody may not see is answered as if it
were not there.

A **guest** came by the door with a name. A **visitor** is a guest who came by a
link to certain rooms: of the place they see those rooms and the people in them,
and they have none of the rights of the first table. A **bot** may what a member
may. Nobody grants a role above their own, nobody changes the role of somebody
above them, and a place always keeps an owner.

## In the place

| | ${roles.join(" | ")} |
| --- | ${roles.map(() => ":-:").join(" | ")} |
${inPlace.join("\n")}

## In a room

Of those who are in it, from which role on; "its moderators" are those of the
room. From the named role of the place on, people may do it in every lobby and
public room, and in private rooms that they are in.

| | ${roomKinds.join(" | ")} |
| --- | ${roomKinds.map(() => "---").join(" | ")} |
${inRooms.join("\n")}

One's own messages are one's own to delete, in every room that one is in. Nobody
ever changes another's words.
`;
}

function mark(may: boolean): string {
  return may ? "✓" : "";
}

function who(right: RoomRight, kind: (typeof roomKinds)[number]): string {
  const may = (role: Role, isModerator: boolean): boolean =>
    mayInRoom({ role }, right, { kind, isMember: true, isModerator });
  const least = roles.findLast((role) => role !== "bot" && may(role, false));
  const ofRoom = may("guest", true) && least !== "guest";
  if (least === "guest") return "everybody in it";
  const parts = [
    ...(ofRoom ? ["its moderators"] : []),
    ...(least === undefined ? [] : [`from ${least} on`]),
  ];
  return parts.length === 0 ? "nobody" : parts.join(", ");
}
