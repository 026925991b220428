import { expect, test } from "bun:test";
import { matchRooms } from "./match-rooms.ts";

const rooms = [
  { name: "Lobby", unread: 0 },
  { name: "设计 Design", unread: 3 },
  { name: "タワー", unread: 0 },
  { name: "Old design", unread: 0 },
];

function found(query: string): string[] {
  return matchRooms(rooms, query).map(({ name }) => name);
}

test("rooms are found by any part of their name, the beginning first", () => {
  expect(found("design")).toEqual(["设计 Design", "Old design"]);
  expect(found("计")).toEqual(["设计 Design"]);
  expect(found("nothing")).toEqual([]);
});

test("width and case do not matter", () => {
  expect(found("ﾀﾜｰ")).toEqual(["タワー"]);
  expect(found("ＬＯＢ")).toEqual(["Lobby"]);
});

test("without a word, unread rooms come first", () => {
  expect(found(" ")[0]).toBe("设计 Design");
  expect(found("")).toHaveLength(4);
});
