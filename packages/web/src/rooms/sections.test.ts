import { expect, test } from "bun:test";
import { inOldOrder, sectionsOf } from "./sections.ts";

const plain = {
  kind: "public" as "lobby" | "public" | "private" | "direct",
  others: [] as string[],
  favourite: false,
  archived: false,
  hidden: 0,
  unread: 0,
};

function room(name: string, of: Partial<typeof plain> = {}) {
  return { ...plain, stream: `r_${name}`, name, ...of };
}

const byName = {
  order: "name" as const,
  titleOf: ({ name, others }: { name: string; others: readonly string[] }) =>
    name === "" ? others.join() : name,
  latestOf: () => 0,
  open: undefined,
  compare: (a: string, b: string) => a.localeCompare(b),
};

const names = (rooms: readonly { name: string }[]): string[] =>
  rooms.map(({ name }) => name);

test("each room stands in one section: a favourite first of all, direct ones by their people", () => {
  const found = sectionsOf(
    [
      room("b"),
      room("Lobby", { kind: "lobby" }),
      room("a", { kind: "private" }),
      room("old", { archived: true }),
      room("dear", { favourite: true, archived: true }),
      { ...room("", { kind: "direct", others: ["Zoe"] }), stream: "r_z" },
      { ...room("", { kind: "direct", others: ["Ann"] }), stream: "r_a" },
    ],
    byName,
  );
  expect(names(found.rooms)).toEqual(["Lobby", "a", "b"]);
  expect(names(found.archived)).toEqual(["old"]);
  expect(names(found.favourites)).toEqual(["dear"]);
  expect(found.direct.map(({ stream }) => stream)).toEqual(["r_a", "r_z"]);
});

test("a room out of sight is in no section, unless one looks at it", () => {
  const hidden = room("quiet", { kind: "direct", hidden: 7 });
  expect(sectionsOf([hidden], byName).direct).toEqual([]);
  const open = sectionsOf([hidden], { ...byName, open: hidden.stream });
  expect(open.direct).toEqual([hidden]);
});

test("ordered by what is recent, the unread stand first, and then what came last", () => {
  const times = new Map([
    ["r_a", 1],
    ["r_b", 3],
    ["r_c", 2],
  ]);
  const found = sectionsOf(
    [room("a", { unread: 2 }), room("b"), room("c"), room("d")],
    {
      ...byName,
      order: "recent",
      latestOf: (stream) => times.get(stream) ?? 0,
    },
  );
  expect(names(found.rooms)).toEqual(["a", "b", "c", "d"]);
});

test("held, no room changes its place: what is new comes last, and what is gone leaves no gap", () => {
  const before = sectionsOf([room("c"), room("a"), room("b")], byName);
  const now = sectionsOf(
    [room("d"), room("b"), room("c", { unread: 3 }), room("aa")],
    { ...byName, order: "recent" },
  );
  expect(names(now.rooms)).toEqual(["c", "aa", "b", "d"]);
  expect(names(inOldOrder(now, before).rooms)).toEqual(["b", "c", "aa", "d"]);
});
