import { expect, test } from "bun:test";

// The module reads the address when it is loaded, as a page has it.
Object.assign(globalThis, { location: { hash: "" } });
const { addressOf, readRoute } = await import("./route.ts");

test.each([
  ["#/r_8fK2qZ7mQa", "r_8fK2qZ7mQa", undefined],
  ["#/r_8fK2qZ7mQa/details", "r_8fK2qZ7mQa", "details"],
  ["#//connection", undefined, "connection"],
  ["#/", undefined, undefined],
] as const)("%p is an address of the chat", (hash, stream, pane) => {
  expect(readRoute(hash)).toEqual({ stream, pane });
  expect(addressOf({ stream, pane })).toBe(hash);
});

test.each(["", "#", "#/nothing/else", "#/r_<script>", "#/r_/x"])(
  "%p leads to the list of rooms",
  (hash) => {
    expect(readRoute(hash)).toEqual({ stream: undefined, pane: undefined });
  },
);
