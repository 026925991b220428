import { expect, test } from "bun:test";
import { actsOn } from "./person-acts.ts";

const moderator = { id: "u_1", kind: "member", rank: "moderator" } as const;
const owner = { id: "u_1", kind: "member", rank: "owner" } as const;

test("nobody is offered a menu with nothing in it: not for themselves, nor for who stands above them", () => {
  expect(actsOn(owner, { id: "u_1", role: "owner" })).toEqual([]);
  expect(actsOn(moderator, { id: "u_2", role: "owner" })).toEqual([]);
  expect(actsOn(moderator, { id: "u_2", role: "moderator" })).toEqual([]);
});

test("a moderator suspends whom they stand above, an owner does everything that there is to do", () => {
  expect(actsOn(moderator, { id: "u_2", role: "member" })).toEqual(["suspend"]);
  expect(actsOn(owner, { id: "u_2", role: "owner" })).toEqual([
    ...["role", "reset", "sessions", "suspend"],
  ] as const);
  // Guests have neither a role that could be changed nor a password.
  expect(actsOn(owner, { id: "u_2", role: "guest" })).toEqual([
    ...["sessions", "suspend"],
  ] as const);
});
