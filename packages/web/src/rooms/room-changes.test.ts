import { expect, test } from "bun:test";
import { roomChanges } from "./room-changes.ts";

const before = {
  name: "Design",
  topic: "",
  kind: "public",
  readOnly: false,
} as const;

test("of a room only what was made otherwise is said, so that what somebody else changed meanwhile stays", () => {
  expect(roomChanges(before, before)).toEqual({});
  expect(roomChanges(before, { ...before, topic: "Colours" })).toEqual({
    topic: "Colours",
  });
  expect(
    roomChanges(before, { ...before, kind: "private", readOnly: true }),
  ).toEqual({ kind: "private", readOnly: true });
});

test("a lobby or a conversation becomes nothing else", () => {
  const lobby = { ...before, kind: "lobby" } as const;
  expect(roomChanges(before, lobby)).toEqual({});
});
