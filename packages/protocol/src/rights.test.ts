import { describe, expect, test } from "bun:test";
import type { RoomKind } from "./rooms.ts";
import {
  isAtLeast,
  makersOfRooms,
  mayGrant,
  mayInPlace,
  mayInRoom,
  mayMakeRooms,
  placeRights,
  roleOf,
  roles,
  roomRights,
  standsAbove,
  type Actor,
  type PlaceRight,
  type Role,
  type RoomRight,
} from "./rights.ts";

// The table of rights, written out a second time by hand: who reads it here
// sees at a glance what each may, and no change of it goes unnoticed.

const kinds: readonly RoomKind[] = ["lobby", "public", "private", "direct"];

/** Owner, administrator, moderator, member, bot, guest: an x for each who may. */
type Marks = string;

const marksOf = (may: (role: Role) => boolean): Marks =>
  roles.map((role) => (may(role) ? "x" : "-")).join("");

const inPlace: Record<PlaceRight, Marks> = {
  "directory.read": "xxxxxx",
  "room.join": "xxxxxx",
  "room.create": "xxxxxx",
  "direct.open": "xxxxxx",
  "invitation.make": "xxx---",
  "person.suspend": "xxx---",
  "person.role": "xx----",
  "person.reset": "xx----",
  "person.sessions": "xx----",
  "person.email": "xx----",
  "place.change": "xx----",
  "place.log": "xx----",
  "place.rooms": "xx----",
};

/** Of each kind of room: outside, inside, and as its moderator. */
const nobody = ["------", "------", "------"] as const;
const everybodyIn = ["------", "xxxxxx", "xxxxxx"] as const;
const moderatorsAt = ["xxx---", "xxx---", "xxxxxx"] as const;
const moderatorsIn = ["------", "xxx---", "xxxxxx"] as const;
const administratorsAt = ["xx----", "xx----", "xxxxxx"] as const;
const administratorsIn = ["------", "xx----", "xxxxxx"] as const;

type Standings = readonly [Marks, Marks, Marks];

/** In the lobby, in a public room, in a private one, in a direct one. */
const inRoom: Record<
  RoomRight,
  readonly [Standings, Standings, Standings, Standings]
> = {
  "message.post": [everybodyIn, everybodyIn, everybodyIn, everybodyIn],
  "message.announce": [moderatorsAt, moderatorsAt, moderatorsIn, nobody],
  "message.delete": [moderatorsAt, moderatorsAt, moderatorsIn, nobody],
  "room.invite": [
    nobody,
    ["xxx---", "xxxxx-", "xxxxxx"],
    ["------", "xxxxx-", "xxxxxx"],
    nobody,
  ],
  "room.remove": [nobody, moderatorsAt, moderatorsIn, nobody],
  "room.leave": [nobody, everybodyIn, everybodyIn, nobody],
  "room.change": [moderatorsAt, moderatorsAt, moderatorsIn, nobody],
  "room.widen": [nobody, administratorsAt, administratorsIn, nobody],
  "room.archive": [nobody, administratorsAt, administratorsIn, nobody],
  "member.change": [nobody, administratorsAt, administratorsIn, nobody],
};

describe("[T6] in the place", () => {
  test.each(Object.entries(inPlace))("%s: %s", (right, marks) => {
    const may = (actor: Actor): boolean =>
      mayInPlace(actor, right as PlaceRight);
    expect(marksOf((role) => may({ role }))).toBe(marks);
    // Who is bound to rooms has no business elsewhere, whatever else they are.
    expect(marksOf((role) => may({ role, bound: true }))).toBe("------");
  });

  test("the table has every right", () => {
    expect(Object.keys(inPlace)).toEqual(Object.keys(placeRights));
    expect(Object.keys(inRoom)).toEqual(Object.keys(roomRights));
  });
});

describe("[T6] in a room", () => {
  const cells = Object.entries(inRoom).flatMap(([right, ofKinds]) =>
    kinds.map(
      (kind, index) =>
        [right as RoomRight, kind, ofKinds[index] ?? nobody] as const,
    ),
  );

  test.each(cells)(
    "%s, %s: %j",
    (right, kind, [outside, inside, moderating]) => {
      const marks = (isMember: boolean, isModerator: boolean): Marks =>
        marksOf((role) =>
          mayInRoom({ role }, right, { kind, isMember, isModerator }),
        );
      expect(marks(false, false)).toBe(outside);
      expect(marks(true, false)).toBe(inside);
      expect(marks(true, true)).toBe(moderating);
      // Who is out moderates nothing any more.
      expect(marks(false, true)).toBe(outside);
    },
  );

  test.each(cells)(
    "%s, %s: a bound guest may what any guest in it may, and nothing outside",
    (right, kind) => {
      for (const isModerator of [false, true]) {
        const inside = { kind, isMember: true, isModerator };
        const bound = { role: "guest", bound: true } as const;
        expect(mayInRoom(bound, right, inside)).toBe(
          mayInRoom({ role: "guest" }, right, inside),
        );
        const outside = { ...inside, isMember: false };
        expect(mayInRoom(bound, right, outside)).toBe(false);
      }
    },
  );
});

describe("[T39] roles", () => {
  test("are one ladder, on which members and bots stand on one step", () => {
    const above = roles.map((one) =>
      marksOf((other) => standsAbove(one, other)),
    );
    expect(above).toEqual([
      ...["xxxxxx", "--xxxx", "---xxx", "-----x", "-----x", "------"],
    ]);
    const least = roles.map((one) => marksOf((role) => isAtLeast(role, one)));
    expect(least).toEqual([
      ...["x-----", "xx----", "xxx---", "xxxxx-", "xxxxx-", "xxxxxx"],
    ]);
  });

  test("are granted by owners and administrators, never above themselves, and only to who has an account", () => {
    const granted = roles.flatMap((actor) =>
      roles.flatMap((from) =>
        roles
          .filter((to) => mayGrant(actor, from, to))
          .map((to) => `${actor}: ${from} → ${to}`),
      ),
    );
    const ranks = ["owner", "administrator", "moderator", "member"];
    expect(granted).toEqual([
      ...ranks.flatMap((from) => ranks.map((to) => `owner: ${from} → ${to}`)),
      ...["moderator", "member"].flatMap((from) =>
        ranks.slice(1).map((to) => `administrator: ${from} → ${to}`),
      ),
    ]);
  });

  test("are told as a kind, and a rank besides", () => {
    expect(roleOf({ kind: "guest" })).toBe("guest");
    expect(roleOf({ kind: "member" })).toBe("member");
    expect(roleOf({ kind: "member", rank: "owner" })).toBe("owner");
  });
});

test("who may make rooms is what the place says, and never who is bound to some", () => {
  const makers = makersOfRooms.map((by) =>
    marksOf((role) => mayMakeRooms({ role }, by)),
  );
  expect(makers).toEqual(["xxxxxx", "xxxxx-", "xxx---", "xx----"]);
  for (const by of makersOfRooms) {
    expect(marksOf((role) => mayMakeRooms({ role, bound: true }, by))).toBe(
      "------",
    );
  }
});
